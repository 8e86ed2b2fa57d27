// Owns npm's documents about progy itself: packument, manifest and dist-tags.
import type { AppContext } from '../../../app-env.ts';
import { readClientManifest, readClientPackument, readClientTags } from '../../../domain/client/read-client.ts';
import { readingOf } from '../../../http/read/reading.ts';
import { sendDocument } from '../../../http/read/send-document.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';

/** GET /@progy/cli. */
export async function getClientPackument(c: AppContext): Promise<Response> {
  const form = c.req.header('accept')?.includes(ABBREVIATED) ? 'abbreviated' : 'full';
  const document = await readClientPackument(c.var.context, form);
  return sendDocument(readingOf(c), document, form === 'abbreviated' ? ABBREVIATED : undefined);
}

/** GET /@progy/cli/<version or latest>. */
export async function getClientManifest(c: AppContext): Promise<Response> {
  return sendDocument(readingOf(c), await readClientManifest(c.var.context, c.req.param('version') ?? ''));
}

/** GET /-/package/@progy/cli/dist-tags. */
export async function getClientTags(c: AppContext): Promise<Response> {
  return c.json(await readClientTags(c.var.context), 200, { 'Cache-Control': 'no-cache' });
}
