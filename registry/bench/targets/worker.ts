// Owns starting a small Worker of the benchmark's own, on the runtime and the kind of storage that the registry has.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { workerBundle } from '../../local/build/worker-bundle.ts';

export interface RunningWorker {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Worker on a free port of loopback, with an empty bucket R2.
 * @param script file beside this one; an ES module without imports of its own.
 * @param tables statements that its database DB begins with.
 */
export async function startWorker(script: string, tables: readonly string[]): Promise<RunningWorker> {
  const state = await mkdtemp(join(tmpdir(), 'progy-bench-'));
  const contents = await readFile(new URL(script, import.meta.url), 'utf8');
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
          bindings: {},
          ratelimits: {},
          modules: [{ type: 'ESModule', path: script, contents }],
          d1Databases: ['DB'],
          r2Buckets: ['R2'],
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  const database = await miniflare.getD1Database('DB');
  for (const statement of tables) await database.prepare(statement).run();
  const stop = () => miniflare.dispose().then(() => rm(state, { recursive: true, force: true }));
  return { url, stop };
}
