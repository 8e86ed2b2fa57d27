// Owns the documents around publishing a `.progy` file: the form's metadata, and the receipt.
import * as z from 'zod';
import { LIMITS } from '../course/course-files.ts';

const text = z.string().max(10_000).nullish();

/**
 * The `metadata` part of the form. Only course.json inside the file counts; this allows the registry to refuse early.
 * Names, versions and tags are checked later: each has its own error.
 */
export const publishMetadataSchema = z.object({
  name: z.custom<string | null>().optional(),
  version: z.custom<string | null>().optional(),
  description: text,
  private: z.boolean().nullish(),
  /** Admins only. */
  force: z.boolean().nullish(),
  changelog: text,
  tag: text,
  /** Hex sha256 of the file. */
  checksum: text,
  /** Tree hash of the course. */
  tree: text,
  /** Bytes of the file. */
  sizeBytes: z.number().int().min(0).max(LIMITS.artifactBytes).nullish(),
});

export type PublishMetadata = z.input<typeof publishMetadataSchema>;

/** The answer to a publish, in both dialects. */
export const publishReceiptSchema = z.object({
  /** CouchDB's field, for old versions of npm. */
  ok: z.literal(true),
  success: z.literal(true),
  name: z.string(),
  version: z.string(),
  url: z.string(),
  /** SRI sha512 of the `.progy` file. */
  integrity: z.string(),
  /** Hex sha256 of it. */
  checksum: z.string(),
  sizeBytes: z.number(),
  tree: z.string(),
  /** Missing if none was set. */
  tag: z.string().optional(),
  /** The same content was published before. */
  already: z.literal(true).optional(),
});

export type PublishReceipt = z.infer<typeof publishReceiptSchema>;
