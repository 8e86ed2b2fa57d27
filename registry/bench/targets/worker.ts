// Owns starting one of the benchmark's small Workers, on the registry's runtime and kind of storage.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare, Response } from 'miniflare';
import { workerBundle } from '../../local/build/worker-bundle.ts';

const NO_BINDINGS = { d1Databases: [], r2Buckets: [], kvNamespaces: [], bindings: {} };

export interface RunningWorker {
  url: string;
  miniflare: Miniflare;
  stop(): Promise<void>;
}

/** A Worker's bindings, as Miniflare options. */
export interface Bindings {
  d1Databases?: string[];
  r2Buckets?: string[];
  kvNamespaces?: string[];
  bindings?: Record<string, string>;
}

/** A Worker with an empty bucket R2, and a database DB that begins with these statements. @param file beside this one. */
export async function startOwnWorker(file: string, tables: readonly string[]): Promise<RunningWorker> {
  const script = await readFile(new URL(file, import.meta.url), 'utf8');
  const worker = await startWorker(script, { d1Databases: ['DB'], r2Buckets: ['R2'] });
  const database = await worker.miniflare.getD1Database('DB');
  for (const statement of tables) await database.prepare(statement).run();
  return worker;
}

/**
 * Starts a Worker on a free port of loopback, with the registry's compatibility date and limits. All of its
 * requests to the network answer 404.
 * @param contents one ES module.
 */
export async function startWorker(contents: string, bindings: Bindings): Promise<RunningWorker> {
  const state = await mkdtemp(join(tmpdir(), 'progy-bench-'));
  const { options } = await workerBundle();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      resourcePersistencePath: state,
      workers: [
        {
          ...options,
          name: 'bench',
          ratelimits: {},
          ...NO_BINDINGS,
          ...bindings,
          outboundService: () => new Response(null, { status: 404 }),
          modules: [{ type: 'ESModule', path: 'worker.js', contents }],
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  const stop = () => miniflare.dispose().then(() => rm(state, { recursive: true, force: true }));
  return { url, miniflare, stop };
}
