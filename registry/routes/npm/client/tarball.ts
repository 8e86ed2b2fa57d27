// Owns GET /@progy/cli/-/cli-1.0.0.tgz and GET /progy.tgz: progy itself.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { AppContext } from '../../../app-env.ts';
import { findClientTarball, openClientTarball } from '../../../domain/client/read-client.ts';
import { documentCaching } from '../../../http/caching.ts';
import { sendFile } from '../../../http/read/send-file.ts';
import { versionInFileName } from '../read/tarball.ts';

/** The tarball of a version. */
export async function getClientTarball(c: AppContext): Promise<Response> {
  return send(c, versionInFileName(CLIENT, c.req.param('file') ?? ''));
}

/** The newest tarball, for people who type an address. */
export async function getNewestClient(c: AppContext): Promise<Response> {
  return send(c, 'latest');
}

async function send(c: AppContext, versionOrTag: string): Promise<Response> {
  const tarball = await findClientTarball(c.var.context, versionOrTag);
  const file = { ...tarball, checksum: undefined, caching: documentCaching(c.req.raw, true) };
  return sendFile(c.req.raw, file, (range) => openClientTarball(c.var.context, tarball, range));
}
