// Owns npm's `access`: whether a course is public, and who else may see it.
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import type { AppContext } from '../../../app-env.ts';
import {
  listCollaborators,
  NO_REPLY,
  type RightsByName,
  readAccess,
  setAccess,
} from '../../../domain/people/readers.ts';
import { readJson } from '../../../http/read-json.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;
const PRIVATE = { 'Cache-Control': 'private, no-store' };

/** npm sends this, or what `mfa=` needs. */
const accessSchema = z.looseObject({ access: z.enum(['public', 'restricted']) });
const mfaSchema = z.looseObject({ publish_requires_tfa: z.boolean() });

/** GET …/visibility of npm, and GET …/access of pnpm 12. */
export async function getVisibility(c: AppContext): Promise<Response> {
  const access = await readAccess(c.var.context, nameInPath(c));
  return c.json({ public: access === 'public', access }, 200, PRIVATE);
}

/** GET …/collaborators: `{user: "write" | "read"}`; pnpm 12 says `format=cli` and needs a list. */
export async function getCollaborators(c: AppContext): Promise<Response> {
  const rights = await listCollaborators(c.var.signedIn, nameInPath(c));
  return c.json(c.req.query('format') === 'cli' ? asList(rights) : rights, 200, PRIVATE);
}

function asList(rights: RightsByName) {
  return Object.entries(rights).map(([user, right]) => ({
    user,
    email: user + NO_REPLY,
    permissions: right === 'write' ? 'read-write' : 'read-only',
  }));
}

/** POST …/access, with `{access}`. */
export async function postAccess(c: AppContext): Promise<Response> {
  const body = await readJson(c, MAX_BODY_BYTES);
  if (mfaSchema.safeParse(body).success) throw noSecondFactor();
  const result = accessSchema.safeParse(body);
  if (!result.success)
    throw new RegistryError('INVALID_REQUEST', 'The body must be {"access": "public" | "restricted"}');
  await setAccess(c.var.signedIn, nameInPath(c), result.data.access);
  return c.json({ ok: true });
}

function noSecondFactor(): RegistryError {
  const message =
    'This registry has no two-factor authentication. Limit tokens instead: npm token create --packages @scope/slug --expires 7';
  return new RegistryError('METHOD_NOT_ALLOWED', message, { next: 'npm token create' });
}
