// Owns running the Worker on this machine: the production bundle in workerd, with D1 and R2 on disk.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { isBehind, migrate, openState, STORES } from './build/migrated-state.ts';
import { type WorkerBundle, workerBundle } from './build/worker-bundle.ts';
import type { StartOptions } from './options.ts';
import { withNewKey } from './signing-keys.ts';

/**
 * The hourly quota is for a shared registry. On your own machine it would only be in the way, so it is raised here;
 * `--var PUBLISH_VERSIONS_PER_HOUR:10` sets the real one.
 */
const LOCAL_VARS = { PUBLISH_VERSIONS_PER_HOUR: '100000' };

export interface LocalRegistry {
  url: string;
  /** True if the state has no account yet. */
  isEmpty: boolean;
  stop(): Promise<void>;
}

/** A reason for not starting that the reader can remove. */
export class CannotStart extends Error {}

/**
 * Builds the Worker, brings D1 up to date and starts both. Listens on loopback only. `open` creates the stores of a new state.
 * @throws {CannotStart} for a port in use.
 */
export async function startLocalRegistry(options: StartOptions, open = openState): Promise<LocalRegistry> {
  await freePort(options.port);
  await mkdir(options.state, { recursive: true });
  const [worker] = await Promise.all([workerBundle(), open(options.state)]);
  const vars = { ...LOCAL_VARS, ...(await localSecrets(options.state)), ...options.vars };
  const { url, miniflare, db } = await listenUpToDate(options, worker, vars);
  const account = await db.prepare('SELECT 1 FROM user LIMIT 1').first();
  return { url, isEmpty: account === null, stop: () => miniflare.dispose() };
}

interface Listening {
  url: string;
  miniflare: Miniflare;
}

/** Starts workerd; if the state is older than the migrations, starts it again after wrangler has applied them. */
async function listenUpToDate(options: StartOptions, worker: WorkerBundle, vars: Record<string, string>) {
  const listening = await listen(options, worker, vars);
  const db = await listening.miniflare.getD1Database('DB');
  if (!(await isBehind(db))) return { ...listening, db };
  await listening.miniflare.dispose();
  await migrate(options.state);
  const again = await listen(options, worker, vars);
  return { ...again, db: await again.miniflare.getD1Database('DB') };
}

/** Starts workerd. URLs in documents name the port, so it is chosen first; another program may take a free port in between. */
async function listen(
  options: StartOptions,
  worker: WorkerBundle,
  vars: Record<string, string>,
  tries = 5,
): Promise<Listening> {
  const port = await freePort(options.port);
  const url = `http://localhost:${port}`;
  const miniflare = new Miniflare(miniflareOptions(worker, port, options.state, { PUBLIC_ORIGIN: url, ...vars }));
  try {
    await miniflare.ready;
    return { url, miniflare };
  } catch (error) {
    const taken = (error as { code?: unknown }).code === 'ERR_ADDRESS_IN_USE';
    if (!taken || options.port !== 0 || tries === 1) throw error;
    return listen(options, worker, vars, tries - 1);
  }
}

/**
 * The options that wrangler derives from wrangler.toml, with storage where wrangler's local commands look for it.
 * Miniflare runs it without wrangler's proxy, which would be several times slower.
 */
function miniflareOptions(
  { script, options }: WorkerBundle,
  port: number,
  state: string,
  vars: Record<string, string>,
) {
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    cf: false,
    logRequests: false,
    // No clock runs the crons here: GET /cdn-cgi/local/scheduled does, for this machine's own pages and tools only.
    unsafeTriggerHandlers: true,
    resourcePersistencePath: join(state, STORES),
    workers: [
      {
        ...options,
        name: 'progy-registry',
        ratelimits: generous(options.ratelimits as RateLimits),
        bindings: { ...(options.bindings as object), ...vars },
        modules: [{ type: 'ESModule', path: 'worker.js', contents: script }],
      },
    ],
  });
}

/** A rate limit in wrangler.toml. */
type RateLimits = Record<string, { namespace_id: string; simple: { limit: number; period?: 10 | 60 } }>;

/** The limit of sign-ins per minute is raised like the hourly quota: scripts on your own machine guess no passwords. */
function generous(ratelimits: RateLimits): RateLimits {
  const simple = { limit: 100_000, period: 60 as const };
  return Object.fromEntries(Object.entries(ratelimits).map(([name, limit]) => [name, { ...limit, simple }]));
}

async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new CannotStart(`Port ${wanted} is in use. Choose another: npm start -- --port 0`, { cause })),
    );
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}

/** Created once for each state: a second start keeps people signed in, and verifies what the first one signed. */
async function localSecrets(state: string): Promise<Record<'BETTER_AUTH_SECRET' | 'SIGNING_KEYS', string>> {
  return {
    BETTER_AUTH_SECRET: await kept(join(state, 'better-auth-secret'), randomBytes(32).toString('hex')),
    SIGNING_KEYS: await kept(join(state, 'signing-keys.json'), JSON.stringify(await withNewKey([]))),
  };
}

/** The file's content; `secret` if it did not exist. */
async function kept(file: string, secret: string): Promise<string> {
  try {
    await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFile(file, 'utf8');
}
