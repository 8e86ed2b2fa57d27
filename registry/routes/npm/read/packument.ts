// Owns GET /@scope/slug and GET /@scope/slug/<version or tag>: npm's documents about a course.
import type { AppContext } from '../../../app-env.ts';
import { readManifest } from '../../../domain/read/read-documents.ts';
import { readPackument, readPackumentToChange } from '../../../domain/read/read-packument.ts';
import { heldBy } from '../../../http/caching.ts';
import { encodingFor } from '../../../http/encoding.ts';
import { sendBytes } from '../../../http/send-bytes.ts';
import { sendDocument } from '../../../http/send-document.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';

/**
 * The packument, abbreviated for installers that ask for it. yarn 4 sends no Accept header and needs the full form.
 * With `?write=true` the client is about to change what it reads and needs all of it, as it is now.
 */
export async function getPackument(c: AppContext): Promise<Response> {
  if (c.req.query('write') === 'true') return getToChange(c);
  const form = c.req.header('accept')?.includes(ABBREVIATED) ? 'abbreviated' : 'full';
  const wish = { form, encoding: encodingFor(c), held: heldBy(c) } as const;
  const document = await readPackument(c.var.context, nameInPath(c), wish);
  return sendDocument(c, document, form === 'abbreviated' ? ABBREVIATED : undefined);
}

async function getToChange(c: AppContext): Promise<Response> {
  const bytes = await readPackumentToChange(c.var.context, nameInPath(c));
  c.header('Content-Type', 'application/json');
  c.header('Cache-Control', 'private, no-store');
  return sendBytes(c, bytes, 'identity');
}

/** The manifest of one version, by number or dist-tag. */
export async function getManifest(c: AppContext): Promise<Response> {
  return sendDocument(c, await readManifest(c.var.context, nameInPath(c), c.req.param('version') ?? ''));
}
