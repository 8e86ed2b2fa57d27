// Owns `progy serve`: a mirror as a registry for the room, until Ctrl-C.
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { Mirror } from '../classroom/mirror/mirror-files.ts';
import { serveMirror } from '../classroom/mirror/serve-mirror.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from '../usage/serve.ts';

export interface ServeResult {
  /** Where it was. */
  readonly url: string;
}

export async function run({ dir, port, host }: ServeOptions, context: Context): Promise<ServeResult> {
  const { signal, talk } = context;
  const served = await serveMirror(resolve(context.cwd, dir), port, host);
  try {
    const url = `http://${addressFor(host)}:${served.port}`;
    talk.tell(greeting(url, served.mirror));
    if (!signal.aborted) await once(signal, 'abort');
    return { url };
  } finally {
    await served.close();
  }
}

export const views: Views<ServeResult> = {
  human: ({ url }) => `${url} is closed.`,
  json: (result) => result,
};

/** The commands for students, with the address that their computers reach. */
function greeting(url: string, { courses, registry }: Mirror): string {
  const names = [...new Set(courses.map(({ name }) => name))].filter((name) => name !== CLIENT.full);
  const scopes = [...new Set([`@${CLIENT.scope}`, ...names.map((name) => name.split('/')[0] ?? '')])];
  const settings = scopes.map((scope) => `--${scope}:registry=${url}`).join(' ');
  return [
    `Serving a mirror of ${registry} at ${url}`,
    ...names.map((name) => `  progy init ${name} --registry ${url}`),
    'In a class folder:',
    `  npm ci --registry=${url} --replace-registry-host=always ${settings}`,
    'Stop it with Ctrl-C.',
  ].join('\n');
}

/** What students type for a server that listens everywhere: the first address of this computer in the network. */
function addressFor(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'localhost';
}
