// Owns admins' requests about accounts, and the answers.
import * as z from 'zod';

/** An account by its id, from /api/auth/admin/list-users, or by its username. */
export const accountChoiceSchema = z.union([z.object({ userId: z.string() }), z.object({ username: z.string() })]);

export const roleChangeSchema = z.object({ role: z.enum(['admin', 'user']) });

/** `banExpiresIn` is in seconds; without it the ban is permanent. */
export const banSchema = z.object({
  banReason: z.string().max(500).default(''),
  banExpiresIn: z.int().min(1).max(1_000_000_000).optional(),
});

/** Bodies of these requests, each beside an account. */
export type AccountChoice = z.input<typeof accountChoiceSchema>;
export type RoleChange = z.input<typeof roleChangeSchema>;
export type Ban = z.input<typeof banSchema>;

export const moderatedSchema = z.object({ success: z.literal(true) });
export type Moderated = z.infer<typeof moderatedSchema>;
