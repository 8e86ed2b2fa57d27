// Owns running the registry on bindings that count calls, and the cost of one request.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { openState, STORES } from '../../local/build/migrated-state.ts';
import { type WorkerBundle, workerBundle } from '../../local/build/worker-bundle.ts';
import { withNewKey } from '../../local/signing-keys.ts';
import { signUp } from '../targets/registry.ts';

/** Calls to D1, where a batch is one, and to R2. */
export interface Calls {
  /** Number of calls that had to wait for each other; the rest ran in parallel. */
  inTurn: number;
  d1: number;
  r2: number;
}

export interface RequestCalls {
  /** Calls that the answer waited for. */
  before: Calls;
  /** Calls still running when it was sent. */
  after: Calls;
}

export interface CountedRegistry {
  url: string;
  /** Token of the account diego. */
  token: string;
  /** Cost of the last request. Only one request may run at a time. */
  lastCalls(): Promise<RequestCalls>;
  stop(): Promise<void>;
}

/** Starts it empty, on a free port of loopback. */
export async function startCountedRegistry(): Promise<CountedRegistry> {
  const state = await mkdtemp(join(tmpdir(), 'progy-calls-'));
  const [worker, counting] = await Promise.all([workerBundle(), countingWorker(), openState(state)]);
  const miniflare = new Miniflare(miniflareOptions(worker, counting, state, await secrets()));
  const url = (await miniflare.ready).origin;
  return {
    url,
    token: await signUp(url),
    lastCalls: async () => (await (await fetch(`${url}/calls-of-last-request`)).json()) as RequestCalls,
    stop: () => miniflare.dispose().then(() => rm(state, { recursive: true, force: true })),
  };
}

const countingWorker = () => readFile(new URL('counting-worker.js', import.meta.url), 'utf8');

async function secrets(): Promise<Record<string, string>> {
  return {
    BETTER_AUTH_SECRET: 'only for counting, only for counting, only for counting',
    SIGNING_KEYS: JSON.stringify(await withNewKey([])),
    PUBLISH_VERSIONS_PER_HOUR: '100000',
  };
}

function miniflareOptions(
  { script, options }: WorkerBundle,
  counting: string,
  state: string,
  bindings: Record<string, string>,
) {
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    logRequests: false,
    resourcePersistencePath: join(state, STORES),
    workers: [
      {
        ...options,
        name: 'progy-registry',
        bindings: { ...(options.bindings as object), ...bindings },
        modules: [
          { type: 'ESModule', path: 'counting-worker.js', contents: counting },
          { type: 'ESModule', path: 'worker.js', contents: script },
        ],
      },
    ],
  });
}
