// Owns the document of `/registry/resolve`: the versions of a course, each with the hashes of its `.progy` file.
import * as z from 'zod';

const artifactSchema = z.object({
  url: z.string(),
  /** Hex sha256. */
  checksum: z.string(),
  /** SRI sha512. */
  integrity: z.string(),
  sizeBytes: z.number(),
  tarballSize: z.number(),
  unpackedSize: z.number(),
  fileCount: z.number(),
  tree: z.string(),
  distTags: z.array(z.string()),
  changelog: z.string().nullable(),
  deprecated: z.string().nullable(),
  /** The reason, possibly ''; null: it is not yanked. */
  yanked: z.string().nullable(),
  publishedAt: z.iso.datetime(),
});

export const resolutionSchema = z.object({
  name: z.string(),
  /** The version that dist-tag `latest` names. */
  latest: z.string().nullable(),
  /** Newest publication first. */
  versions: z.array(z.string()),
  description: z.string().nullable(),
  distTags: z.record(z.string(), z.string()),
  artifacts: z.record(z.string(), artifactSchema),
});

export type Resolution = z.infer<typeof resolutionSchema>;
export type ResolvedArtifact = z.infer<typeof artifactSchema>;
