// Owns GET /@scope/slug and GET /@scope/slug/<version or tag>: npm's documents about a course.
import type { AppContext } from '../../../app-env.ts';
import { readManifest, readPackument, readRevision } from '../../../domain/read/read-documents.ts';
import { notModified, sendDocument } from '../../../http/send-document.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';

/**
 * The packument, abbreviated for installers that ask for it. yarn 4 sends no Accept header and needs the full form.
 * A conditional request costs one row when the client's copy is fresh. With `?write=true` the client is about to change
 * what it reads and needs all of it, as it is now.
 */
export async function getPackument(c: AppContext): Promise<Response> {
  const name = nameInPath(c);
  if (c.req.query('write') === 'true') {
    const { json } = await readPackument(c.var.context, name, 'full');
    return c.body(json, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'private, no-store' });
  }
  const form = c.req.header('accept')?.includes(ABBREVIATED) ? 'abbreviated' : 'full';
  if (c.req.header('if-none-match') !== undefined) {
    const fresh = notModified(c, await readRevision(c.var.context, name, form));
    if (fresh) return fresh;
  }
  const document = await readPackument(c.var.context, name, form);
  return sendDocument(c, document, form === 'abbreviated' ? ABBREVIATED : undefined);
}

/** The manifest of one version, by number or dist-tag. */
export async function getManifest(c: AppContext): Promise<Response> {
  const name = nameInPath(c);
  return sendDocument(c, await readManifest(c.var.context, name, c.req.param('version') ?? ''));
}
