// Owns GET /@scope/slug and GET /@scope/slug/<version or tag>: npm's documents about a course.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { AppContext } from '../../../app-env.ts';
import { readManifest } from '../../../domain/read/read-documents.ts';
import { readPackument, readPackumentToChange } from '../../../domain/read/read-packument.ts';
import { heldBy } from '../../../http/caching.ts';
import { encodingFor } from '../../../http/encoding.ts';
import { type Reading, readingOf } from '../../../http/read/reading.ts';
import { sendBytes } from '../../../http/read/send-bytes.ts';
import { sendDocument } from '../../../http/read/send-document.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

const ABBREVIATED = 'application/vnd.npm.install-v1+json';

/** With `?write=true` the client is about to change what it reads and needs all of it, as it is now. */
export async function getPackument(c: AppContext): Promise<Response> {
  return c.req.query('write') === 'true' ? getToChange(c) : answerPackument(readingOf(c), nameInPath(c));
}

/** The packument, abbreviated for installers that ask for it. yarn 4 sends no Accept header and needs the full form. */
export async function answerPackument(reading: Reading, name: PackageName): Promise<Response> {
  const { request, context } = reading;
  const form = request.headers.get('accept')?.includes(ABBREVIATED) ? 'abbreviated' : 'full';
  const wish = {
    form,
    held: heldBy(request),
    get encoding() {
      return encodingFor(request);
    },
  } as const;
  const document = await readPackument(context, name, wish);
  return sendDocument(reading, document, form === 'abbreviated' ? ABBREVIATED : undefined);
}

async function getToChange(c: AppContext): Promise<Response> {
  const bytes = await readPackumentToChange(c.var.context, nameInPath(c));
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'private, no-store' };
  return sendBytes(readingOf(c), bytes, 'identity', headers);
}

export async function getManifest(c: AppContext): Promise<Response> {
  return answerManifest(readingOf(c), nameInPath(c), c.req.param('version') ?? '');
}

/** The manifest of one version, by number or dist-tag. */
export async function answerManifest(reading: Reading, name: PackageName, versionOrTag: string): Promise<Response> {
  return sendDocument(reading, await readManifest(reading.context, name, versionOrTag));
}
