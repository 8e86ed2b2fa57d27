// Owns the Worker as `wrangler deploy` would upload it: its bundle, and its environment from wrangler.toml.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourcelessWorkerOptions } from 'wrangler';
import { builtOnce, LEFT_OUT } from './built-once.ts';
import { serveShipped } from './served-files.ts';
import { CONFIG, ROOT, SHIPPED_FOLDER, wrangler } from './wrangler.ts';

export interface WorkerBundle {
  /** Text of the ES module. */
  script: string;
  /** For Miniflare: bindings, limits and the compatibility date. */
  options: SourcelessWorkerOptions;
}

/** What npm installed, and the other files that wrangler and esbuild read. */
const SURROUNDINGS = [
  'node_modules/.package-lock.json',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  'wrangler.toml',
  '.dev.vars',
  '.env',
  '.env.local',
];
/** Sources of the Worker. */
export const WORKER_SOURCES = ['registry', 'protocol', 'registry/local/build', ...SURROUNDINGS];

/** Builds the Worker if its sources have changed since it was last built. */
export async function workerBundle(): Promise<WorkerBundle> {
  const folder = await builtOnce({ name: 'worker', sources: WORKER_SOURCES, build });
  const [script, options] = await Promise.all(['worker.js', 'options.json'].map((name) => text(join(folder, name))));
  const serviceBindings = { ASSETS: serveShipped };
  return { script: script ?? '', options: { ...JSON.parse(options ?? ''), serviceBindings, rootPath: ROOT } };
}

const text = (path: string) => readFile(path, 'utf8');

async function build(folder: string): Promise<void> {
  const output = await mkdtemp(join(tmpdir(), 'progy-worker-'));
  // What is in it is no part of the Worker, but wrangler wants the folder.
  await mkdir(SHIPPED_FOLDER, { recursive: true });
  try {
    await wrangler(['deploy', '--dry-run', '--metafile', '--outdir', output]);
    checkInputs(JSON.parse(await text(join(output, 'bundle-meta.json'))));
    const file = (await readdir(output)).find((name) => name.endsWith('.js')) ?? 'worker.js';
    await writeFile(join(folder, 'worker.js'), await readFile(join(output, file)));
    // They may contain secrets from .dev.vars.
    await writeFile(join(folder, 'options.json'), JSON.stringify(await workerOptions()), { mode: 0o600 });
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** Loaded only here: loading takes as long as the rest of a start. */
async function workerOptions(): Promise<SourcelessWorkerOptions> {
  const { unstable_getMiniflareWorkerOptions } = await import('wrangler');
  // Without Cloudflare's Worker in front that routes to assets: it would slow every request down.
  const { assets: _, ...options } = unstable_getMiniflareWorkerOptions(CONFIG).workerOptions;
  return options;
}

/** Changing an import outside the sources would leave an outdated bundle in use. */
function checkInputs({ inputs }: { inputs: Record<string, unknown> }): void {
  const unknown = Object.keys(inputs).find((path) => !isKnown(path));
  if (unknown !== undefined) throw new Error(`The Worker imports ${unknown}, which is none of WORKER_SOURCES`);
}

/** The lockfiles stand for node_modules; and some modules are the bundler's own. */
function isKnown(path: string): boolean {
  const isBelow = (folder: string) => path.startsWith(`${folder}/`);
  if (/(^|\/)node_modules\/|^node-built-in-modules:/.test(path)) return true;
  return WORKER_SOURCES.some(isBelow) && !LEFT_OUT.some(isBelow);
}
