// Owns what is said of a version after it was published: yanks, and deprecations in npm's way.
import * as z from 'zod';

export const yankRequestSchema = z.object({ reason: z.string().nullish() });
export type YankRequest = z.infer<typeof yankRequestSchema>;

const tags = z.record(z.string(), z.string());

/** What yanking a version or taking that back has done. */
export const yankReceiptSchema = z.object({
  success: z.literal(true),
  name: z.string(),
  version: z.string(),
  /** The reason, if only ''; null: it is not yanked. */
  yanked: z.string().nullable(),
  /** It was so before. */
  already: z.literal(true).optional(),
  /** `{tag: version}`. */
  distTags: z.object({ before: tags, after: tags }),
});
export type YankReceipt = z.infer<typeof yankReceiptSchema>;

/** All that counts of a packument that is sent back changed. Some clients take a deprecation back with null or false. */
export const packumentEditSchema = z.object({
  _rev: z.string().optional(),
  'dist-tags': tags.optional().catch(undefined),
  maintainers: z
    .array(z.object({ name: z.string() }))
    .optional()
    .catch(undefined),
  versions: z.record(
    z.string(),
    z.object({ deprecated: z.union([z.string(), z.null(), z.literal(false)]).optional() }),
  ),
});
export type PackumentEdit = z.infer<typeof packumentEditSchema>;

/** That there is an answer is all that counts. */
export const editAnswerSchema = z.object({ ok: z.unknown().optional() });
export type EditAnswer = z.infer<typeof editAnswerSchema>;
