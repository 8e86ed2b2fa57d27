// Owns GET /-/package/@scope/slug/dist-tags.
import type { AppContext } from '../../app-env.ts';
import { readDistTags } from '../../domain/read-documents.ts';
import { readerOf } from '../../middleware/account.ts';
import { nameInPath } from '../../middleware/package-name.ts';

/** `{tag: version}`, never stale: `npm dist-tag` reads it before it writes. */
export async function getDistTags(c: AppContext): Promise<Response> {
  const distTags = await readDistTags(c.env, nameInPath(c), readerOf(c));
  return c.json(distTags, 200, { 'Cache-Control': 'no-store' });
}
