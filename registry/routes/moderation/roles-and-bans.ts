// Owns what an admin posts below /api/auth/admin/, in Better-Auth's terms: these routes of ours stand before its own,
// because they write the audit log in the same change.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  accountChoiceSchema,
  banSchema,
  type Moderated,
  roleChangeSchema,
} from '@progy/protocol/wire/accounts/moderation.ts';
import * as z from 'zod';
import type { AppContext } from '../../app-env.ts';
import { ban, setAdmin, unban, type Who } from '../../domain/moderation/roles-and-bans.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';

const MAX_BODY_BYTES = 8 * 1024;
const DONE: Moderated = { success: true };

/** POST /api/auth/admin/set-role. */
export async function postRole(c: AppContext): Promise<Response> {
  const { who, rest } = await readChange(c, roleChangeSchema);
  await setAdmin(c.var.signedIn, who, rest.role === 'admin');
  return answer<Moderated>(c, DONE);
}

/** POST /api/auth/admin/ban-user. */
export async function postBan(c: AppContext): Promise<Response> {
  const { who, rest } = await readChange(c, banSchema);
  const { banReason, banExpiresIn } = rest;
  const expires = banExpiresIn === undefined ? null : new Date(c.var.context.now().getTime() + banExpiresIn * 1000);
  await ban(c.var.signedIn, who, banReason, expires);
  return answer<Moderated>(c, DONE);
}

/** POST /api/auth/admin/unban-user. */
export async function postUnban(c: AppContext): Promise<Response> {
  const { who } = await readChange(c, z.object({}));
  await unban(c.var.signedIn, who);
  return answer<Moderated>(c, DONE);
}

/** @throws {RegistryError} INVALID_REQUEST. */
async function readChange<T>(c: AppContext, schema: z.ZodType<T>): Promise<{ who: Who; rest: T }> {
  const body = await readJson(c, MAX_BODY_BYTES);
  const [who, rest] = [accountChoiceSchema.safeParse(body), schema.safeParse(body)];
  if (!who.success) throw new RegistryError('INVALID_REQUEST', 'Name the account: userId or username');
  if (rest.success) return { who: who.data, rest: rest.data };
  const [issue] = rest.error.issues;
  throw new RegistryError('INVALID_REQUEST', `${issue?.path.join('.')}: ${issue?.message}`, { path: issue?.path[0] });
}
