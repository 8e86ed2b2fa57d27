// Owns the document of a course at `/registry/info`.
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

/** The fields of npm's manifest that readers rely on. */
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
  description: z.string().nullish(),
  distTags: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime().optional(),
  downloads: z.looseObject({ weekly: z.number(), monthly: z.number() }),
  /** Newest publication first. */
  versions: z.array(lineSchema),
  /** When the version was published, ISO 8601. */
  publishedAt: z.iso.datetime(),
  manifest: manifestSchema,
  /** Null for versions published before outlines existed, and for courses without modules. */
  outline: outlineSchema.nullable(),
});

/** The named fields: a writer of the document may write no others. */
type Named<T> = T extends readonly (infer Item)[]
  ? Named<Item>[]
  : T extends object
    ? { [Key in keyof T as string extends Key ? (unknown extends T[Key] ? never : Key) : Key]: Named<T[Key]> }
    : T;

/** A course and one of its versions, as it is read. */
export type CourseInfo = Named<z.output<typeof infoSchema>>;
/** The same as it is written. */
export type CourseInfoDocument = Named<z.input<typeof infoSchema>>;

/** Keeps unknown fields: `progy info --json` passes them on. */
export const courseInfoSchema: z.ZodType<CourseInfo, CourseInfoDocument> = infoSchema;
