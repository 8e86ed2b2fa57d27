// Owns the bare Worker as a target: it answers with the same bytes as ours, from memory, one row or one object.
import { request } from 'undici';
import type { ReadScenario } from '../work/scenarios.ts';
import type { Reading, Target } from './target.ts';
import { startOwnWorker } from './worker.ts';

/** One row, about as wide as a version's. */
const TABLES = [
  'CREATE TABLE manifests (id INTEGER PRIMARY KEY, manifest TEXT NOT NULL)',
  `INSERT INTO manifests VALUES (1, '${'m'.repeat(1_500)}')`,
];

export async function startBare(): Promise<Target> {
  const { url, stop } = await startOwnWorker('bare-worker.js', TABLES);
  return {
    name: 'bare',
    url,
    version: '',
    stop,
    seed: async ({ ours, reads }) => {
      for (const scenario of reads.filter(isCopied))
        await copy(await ours?.read(scenario), ours, url + pathOf(scenario));
    },
    read: async (scenario) => readingOf(scenario),
    publish: async ({ door }, { tarball }) =>
      door === 'progy' ? { method: 'PUT', path: '/object/new', headers: {}, body: tarball } : undefined,
  };
}

const isCopied = ({ want }: ReadScenario) => want === 'full' || want === 'abbreviated' || want === 'tarball';

/** @throws {Error} if there is nothing to copy. */
async function copy(reading: Reading | undefined, ours: Target | undefined, to: string): Promise<void> {
  if (reading === undefined || ours === undefined)
    throw new Error('The bare Worker has nothing to copy: measure ours too');
  const { 'if-none-match': _, ...headers } = reading.headers;
  const answer = await request(ours.url + reading.path, { headers });
  const encoding = answer.headers['content-encoding'];
  const more = typeof encoding === 'string' ? { 'x-encoding': encoding } : {};
  const body = Buffer.from(await answer.body.arrayBuffer());
  await (await request(to, { method: 'PUT', headers: more, body })).body.dump();
}

function readingOf(scenario: ReadScenario): Reading | undefined {
  if (scenario.want === 'search') return undefined;
  const headers: Record<string, string> = {
    ...(scenario.gzip ? { 'accept-encoding': 'gzip' } : {}),
    ...(scenario.conditional ? { 'if-none-match': '"bare"' } : {}),
  };
  const status = scenario.conditional ? 304 : scenario.want === 'missing' ? 404 : 200;
  return { method: 'GET', path: pathOf(scenario), headers, status };
}

function pathOf({ name, want }: ReadScenario): string {
  if (want === 'manifest') return '/row';
  return want === 'tarball' ? `/object/${name}` : `/document/${name}`;
}
