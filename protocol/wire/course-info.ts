// Owns what `/registry/info` says of a course, for its readers.
import * as z from 'zod';
import { outlineSchema } from '../course/outline.ts';

const nullableText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);

const lineSchema = z.looseObject({
  version: z.string(),
  publishedAt: z.iso.datetime(),
  deprecated: nullableText,
  yanked: nullableText,
});

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string().optional(),
  keywords: z.array(z.string()).default([]),
  license: z.string().optional(),
  author: z.looseObject({ name: z.string().optional() }).optional(),
  _npmUser: z.looseObject({ name: z.string() }).optional(),
  progy: z.looseObject({ title: z.string().optional() }).optional(),
  dist: z.looseObject({
    tarball: z.string(),
    integrity: z.string(),
    fileCount: z.number(),
    unpackedSize: z.number(),
    signatures: z.array(z.looseObject({ keyid: z.string(), sig: z.string() })).default([]),
    progy: z.looseObject({ size: z.number() }),
  }),
});

const infoSchema = z.looseObject({
  name: z.string(),
  distTags: z.record(z.string(), z.string()),
  downloads: z.object({ weekly: z.number(), monthly: z.number() }),
  /** Newest publication first. */
  versions: z.array(lineSchema),
  /** When the version was published, ISO 8601. */
  publishedAt: z.iso.datetime(),
  manifest: manifestSchema,
  outline: outlineSchema.nullable(),
});

/** A course and one of its versions. */
export type CourseInfo = z.infer<typeof infoSchema>;

/** The course in an answer of `/registry/info`, or undefined if it is none. */
export function parseCourseInfo(body: unknown): CourseInfo | undefined {
  return infoSchema.safeParse(body).data;
}
