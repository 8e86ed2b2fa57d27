// Owns GET /executables/ and what it lists: progy for machines without Node.
import type { Executables } from '@progy/protocol/client/executables.ts';
import type { AppContext } from '../../../app-env.ts';
import { findExecutable, openExecutable, readExecutables } from '../../../domain/client/executables.ts';
import { answer } from '../../../http/answer.ts';
import { documentCaching } from '../../../http/caching.ts';
import { sendFile } from '../../../http/read/send-file.ts';

const CACHING = { 'Cache-Control': 'public, max-age=60' };

export async function getExecutables(c: AppContext): Promise<Response> {
  return answer<Executables>(c, await readExecutables(c.var.context), 200, CACHING);
}

/** A program, with its checksum as a header. */
export async function getExecutable(c: AppContext): Promise<Response> {
  const found = await findExecutable(c.var.context, c.req.param('name') ?? '');
  const { name, size, sha256 } = found;
  const file = {
    size,
    fileName: name,
    etag: `"${sha256}"`,
    checksum: sha256,
    caching: documentCaching(c.req.raw, true),
  };
  return sendFile(c.req.raw, file, (range) => openExecutable(c.var.context, found, range));
}
