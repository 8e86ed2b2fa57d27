// Owns running somebody else's registry: installed once, with its own folder for each run, until it is stopped.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PING_PATH } from '@progy/protocol/wire/urls.ts';
import { installClients } from '../../test/conformance/helpers/installed-clients.ts';
import peers from './peers.json' with { type: 'json' };
import { registryTarget } from './registry.ts';
import type { Target } from './target.ts';

const LIST = fileURLToPath(new URL('peers.json', import.meta.url));
/** Milliseconds within which it must answer. */
const PATIENCE = 60_000;
const POLL = 50;

export interface Peer {
  name: 'verdaccio' | 'pnpr';
  package: keyof typeof peers.dependencies;
  /** Its configuration file, in its own folder. */
  config(folder: string): string;
  /** Its program and arguments. @param modules the node_modules where it is installed. */
  command(modules: string, config: string, address: string): [string, ...string[]];
}

/** Starts it on a free port of loopback. @throws {Error} with its output, if it ends at once. */
export async function startPeer(peer: Peer): Promise<Target> {
  const modules = await installClients(LIST);
  const folder = await mkdtemp(join(tmpdir(), `progy-bench-${peer.name}-`));
  const config = join(folder, 'config.yaml');
  await writeFile(config, peer.config(folder));
  const address = `127.0.0.1:${await freePort()}`;
  const stopProcess = await run(peer.command(modules, config, address), folder, `http://${address}`);
  const stop = async () => {
    await stopProcess();
    await rm(folder, { recursive: true, force: true });
  };
  const version = peers.dependencies[peer.package];
  return registryTarget({ name: peer.name, url: `http://${address}`, version, progyDoor: false, stop });
}

/** @returns a function that stops it. */
async function run([program, ...args]: [string, ...string[]], cwd: string, url: string): Promise<() => Promise<void>> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    text(child.stderr).then(resolve, (error: Error) => resolve(error.message));
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await Promise.race([answers(url), ended.then((said) => Promise.reject(new Error(`${program} ended:\n${said}`)))]);
  return async () => {
    process.off('exit', kill);
    child.kill('SIGTERM');
    await ended;
  };
}

async function answers(url: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await isUp(url))) {
    if (Date.now() > end) throw new Error(`${url} does not answer`);
    await delay(POLL);
  }
}

async function isUp(url: string): Promise<boolean> {
  const answer = await fetch(url + PING_PATH).catch(() => undefined);
  await answer?.body?.cancel();
  return answer !== undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
