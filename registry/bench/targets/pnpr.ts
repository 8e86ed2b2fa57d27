// Owns pnpr, the registry of pnpm, as a target: a native program, on local files, without an upstream registry.
import { join } from 'node:path';
import { type Peer, startPeer } from './peer-process.ts';
import type { Target } from './target.ts';

const PNPR: Peer = {
  name: 'pnpr',
  package: '@pnpm/pnpr',
  config: (folder) => `storage: ${join(folder, 'storage')}
auth:
  htpasswd:
    file: ${join(folder, 'htpasswd')}
    max_users: 1
registries:
  local:
    type: hosted
    access: $all
    packages:
      '@diego/*': { publish: $authenticated }
defaultRegistry: local
`,
  // Its package links the program in an install script, which does not run.
  command: (modules, config, address) => [
    join(modules, `@pnpm/pnpr.${process.platform}-${process.arch}/pnpr`),
    '--config',
    config,
    '--listen',
    address,
  ],
};

export function startPnpr(): Promise<Target> {
  return startPeer(PNPR);
}
