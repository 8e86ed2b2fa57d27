// Owns the documents of changes to a published version: yanks, and deprecations in npm's form.
import * as z from 'zod';

export const yankRequestSchema = z.object({ reason: z.string().nullish() });
export type YankRequest = z.infer<typeof yankRequestSchema>;

const tags = z.record(z.string(), z.string());

/** What a yank or unyank changed. */
export const yankReceiptSchema = z.object({
  success: z.literal(true),
  name: z.string(),
  version: z.string(),
  /** The reason, possibly ''; null: it is not yanked. */
  yanked: z.string().nullable(),
  /** It was already in this state. */
  already: z.literal(true).optional(),
  /** `{tag: version}`. */
  distTags: z.object({ before: tags, after: tags }),
});
export type YankReceipt = z.infer<typeof yankReceiptSchema>;

/** The fields that count of a packument sent back changed. Some clients remove a deprecation with null or false. */
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

/** Only the fact of an answer counts. */
export const editAnswerSchema = z.object({ ok: z.unknown().optional() });
export type EditAnswer = z.infer<typeof editAnswerSchema>;
