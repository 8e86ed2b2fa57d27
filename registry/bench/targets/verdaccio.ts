// Owns Verdaccio as a target: on local files, without an upstream registry.
import { join } from 'node:path';
import { type Peer, startPeer } from './peer-process.ts';
import type { Target } from './target.ts';

const VERDACCIO: Peer = {
  name: 'verdaccio',
  package: 'verdaccio',
  config: (folder) => `storage: ${join(folder, 'storage')}
auth:
  htpasswd:
    file: ${join(folder, 'htpasswd')}
uplinks: {}
packages:
  '**':
    access: $all
    publish: $authenticated
web:
  enable: false
max_body_size: 200mb
log: { type: stdout, format: json, level: fatal }
`,
  command: (modules, config, address) => [
    process.execPath,
    join(modules, 'verdaccio/bin/verdaccio'),
    '--config',
    config,
    '--listen',
    `http://${address}`,
  ],
};

export function startVerdaccio(): Promise<Target> {
  return startPeer(VERDACCIO);
}
