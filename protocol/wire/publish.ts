// Owns what is said around a `.progy` file that is published: the form's metadata, and the receipt.
import * as z from 'zod';
import { LIMITS } from '../course/course-files.ts';

const text = z.string().max(10_000).nullish();

/**
 * The `metadata` part of the form. Only course.json inside the file counts; this lets the registry refuse early.
 * Whether a name, version or tag is one is told apart later: each has an error of its own.
 */
export const publishMetadataSchema = z.object({
  name: z.custom<string | null>().optional(),
  version: z.custom<string | null>().optional(),
  description: text,
  private: z.boolean().nullish(),
  /** Only an admin may. */
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

/** What both dialects answer to a publish. */
export const publishReceiptSchema = z.object({
  /** CouchDB's, for old npms. */
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
  /** Missing where none was set. */
  tag: z.string().optional(),
  /** This very content was published before. */
  already: z.literal(true).optional(),
});

export type PublishReceipt = z.infer<typeof publishReceiptSchema>;
