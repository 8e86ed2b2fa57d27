// Owns `npm run dev`: `npm start` that restarts, on the same port and state, whenever its sources change.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash } from './build/built-once.ts';
import { CLIENT_SOURCES } from './build/client-package.ts';
import { STATE_SOURCES } from './build/migrated-state.ts';
import { WORKER_SOURCES, workerBundle } from './build/worker-bundle.ts';
import { ROOT } from './build/wrangler.ts';

const START = fileURLToPath(new URL('./start.ts', import.meta.url));
const SOURCES = [...WORKER_SOURCES, ...STATE_SOURCES, ...CLIENT_SOURCES, 'registry/local'];
const FOLDERS = ['registry', 'protocol', 'cli', 'migrations'];
const READY = /^Progy registry ready at \S+:(\d+)$/m;
/** Milliseconds: an editor's "save all" writes many files at once. */
const SETTLED = 100;

interface Started {
  child: ChildProcess;
  /** Where it listens; undefined if it ended instead. */
  port: string | undefined;
}

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  let seen = await contentHash(SOURCES);
  let current = start(args);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end(current).then(() => process.exit(0)));
  const { child, port } = await current;
  if (port === undefined) process.exit(child.exitCode ?? 1);
  const renew = async () => {
    const now = await contentHash(SOURCES);
    if (now === seen) return;
    seen = now;
    if (!(await builds())) return;
    await end(current);
    // The state already has its seeds, and people have seen the suggestions.
    current = start([...args, '--port', port, '--no-seed']);
    await current;
  };
  followChanges(renew);
}

/** Calls `renew` once changes have settled, one call at a time; and immediately, for changes before watching began. */
function followChanges(renew: () => Promise<void>): void {
  let queue = renew();
  let settling: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      queue = queue.then(renew);
    }, SETTLED);
  };
  for (const folder of FOLDERS) watch(join(ROOT, folder), { recursive: true }, changed);
  watch(ROOT, changed);
}

/** While the sources do not build, the running Worker stays. */
async function builds(): Promise<boolean> {
  console.log('The sources have changed. Building …');
  try {
    await workerBundle();
    return true;
  } catch (error) {
    console.error(`${(error as Error).message}\nThe registry goes on as it was.`);
    return false;
  }
}

/** Resolves once it is ready, or has ended. The channel closes when this process dies. */
async function start(args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [START, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  child.stdout?.pipe(process.stdout, { end: false });
  return { child, port: await Promise.race([portOf(child), once(child, 'exit').then(() => undefined)]) };
}

function portOf(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk;
      const port = READY.exec(output)?.[1];
      if (port !== undefined) resolve(port);
    });
  });
}

async function end(started: Promise<Started>): Promise<void> {
  const { child } = await started;
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
