// Owns /-/package/@scope/slug/dist-tags: what `npm dist-tag` reads and writes.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../../../app-env.ts';
import { readDistTags } from '../../../domain/read/read-documents.ts';
import { removeTag, setTag } from '../../../domain/versions/dist-tags.ts';
import { readJson } from '../../../http/read-json.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

/** A JSON string with a version in it. */
const MAX_BODY_BYTES = 1024;

/** `{tag: version}`, never stale: `npm dist-tag` reads it before it writes. */
export async function getDistTags(c: AppContext): Promise<Response> {
  const distTags = await readDistTags(c.var.context, nameInPath(c));
  return c.json(distTags, 200, { 'Cache-Control': 'private, no-store' });
}

/** PUT …/dist-tags/<tag>, with the version as a bare JSON string. */
export async function putDistTag(c: AppContext): Promise<Response> {
  const name = nameInPath(c);
  await setTag(c.var.signedIn, name, c.req.param('tag') ?? '', await versionInBody(c));
  return c.json({ ok: true });
}

/** DELETE …/dist-tags/<tag>. */
export async function deleteDistTag(c: AppContext): Promise<Response> {
  await removeTag(c.var.signedIn, nameInPath(c), c.req.param('tag') ?? '');
  return c.json({ ok: true });
}

async function versionInBody(c: AppContext): Promise<string> {
  const body = await readJson(c, MAX_BODY_BYTES);
  if (typeof body !== 'string') throw new RegistryError('INVALID_REQUEST', 'The body is the version as a JSON string');
  return body;
}

/** PUT and POST …/dist-tags: CouchDB had them, no client sends them, and a map cannot be checked tag by tag. */
export function refuseDistTagMap(c: AppContext): never {
  const message = 'Set one dist-tag at a time: npm dist-tag add @scope/slug@version tag';
  throw new RegistryError('METHOD_NOT_ALLOWED', message, { name: nameInPath(c).full });
}
