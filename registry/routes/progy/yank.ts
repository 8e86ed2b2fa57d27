// Owns /registry/yank/:scope/:slug/:version: POST yanks a version, DELETE unyanks it.

import { parseVersion } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { type YankReceipt, yankRequestSchema } from '@progy/protocol/wire/version-changes.ts';
import type { AppContext } from '../../app-env.ts';
import { unyank, type Yanked, yank } from '../../domain/versions/yank.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

const MAX_BODY_BYTES = 16 * 1024;

/** Body: `{"reason": "…"}`. */
export async function postYank(c: AppContext): Promise<Response> {
  const [name, version] = [nameInProgyPath(c), parseVersion(c.req.param('version'))];
  const body = yankRequestSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (!body.success) throw new RegistryError('INVALID_REQUEST', 'Yanking takes JSON: {"reason": "why"}');
  const yanked = await yank(c.var.signedIn, name, version, body.data.reason ?? '');
  return answer<YankReceipt>(c, receipt(name.full, version, yanked));
}

export async function deleteYank(c: AppContext): Promise<Response> {
  const [name, version] = [nameInProgyPath(c), parseVersion(c.req.param('version'))];
  return answer<YankReceipt>(c, receipt(name.full, version, await unyank(c.var.signedIn, name, version)));
}

function receipt(name: string, version: string, { yanked, already, before, after }: Yanked): YankReceipt {
  return { success: true, name, version, yanked, already: already || undefined, distTags: { before, after } };
}
