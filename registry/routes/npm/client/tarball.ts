// Owns GET /@progy/cli/-/cli-1.0.0.tgz and GET /progy.tgz: progy itself.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { AppContext } from '../../../app-env.ts';
import { type ClientTarball, readClientTarball } from '../../../domain/client/read-client.ts';
import { documentCaching } from '../../../http/caching.ts';
import { sendFile } from '../../../http/read/send-file.ts';
import { versionInFileName } from '../read/tarball.ts';

/** The tarball of a version. */
export async function getClientTarball(c: AppContext): Promise<Response> {
  const version = versionInFileName(CLIENT, c.req.param('file') ?? '');
  return send(c, await readClientTarball(c.var.context, version));
}

/** The newest tarball, for people who type an address. */
export async function getNewestClient(c: AppContext): Promise<Response> {
  return send(c, await readClientTarball(c.var.context));
}

function send(c: AppContext, { bytes, ...tarball }: ClientTarball): Promise<Response> {
  return sendFile(
    c.req.raw,
    { ...tarball, checksum: undefined, caching: documentCaching(c.req.raw, true) },
    async (range) => {
      const { offset, length } = range ?? { offset: 0, length: bytes.length };
      return new Blob([bytes.subarray(offset, offset + length) as Uint8Array<ArrayBuffer>]).stream();
    },
  );
}
