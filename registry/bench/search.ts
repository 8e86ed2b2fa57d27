// Owns measuring search: what a query costs among 2,000 courses, as a ratio to /-/ping beside it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PING_PATH, SEARCH_PATH } from '@progy/protocol/wire/urls.ts';
import { startRegistry } from '../../fixtures/start-registry.ts';
import { loadCatalogue } from './load-catalogue.ts';

const ROUNDS = 100;
const QUERIES: [title: string, text: string][] = [
  ['a name', 'rust-mastery'],
  ['one rare word', 'roguelike'],
  ['one word of many courses', 'javascript'],
  ['two words', 'sql mystery'],
  ['words that no course has all of', 'how to learn regular expressions quickly'],
  ['a scope', 'scope:marta'],
  ['a keyword of many courses', 'keywords:web'],
  ['a word of every README', 'exercise'],
  ['nothing found', 'qxzvw'],
];

const registry = await startRegistry();
try {
  await fill(registry.state);
  await report();
} finally {
  await registry.stop();
}

/** The registry's own file: uploads would take minutes. */
async function fill(state: string): Promise<void> {
  const folder = join(state, 'v3', 'd1');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const file = files.find((name) => /[0-9a-f]{64}\.sqlite$/.test(name));
  if (file === undefined) throw new Error(`There is no database in ${folder}`);
  const database = new DatabaseSync(join(folder, file), { timeout: 10_000 });
  await loadCatalogue(async (loads) => {
    for (const { sql, rows } of loads) database.prepare(sql).run(rows);
  });
  database.close();
}

async function report(): Promise<void> {
  const paths = QUERIES.map(([title, text]): [string, string] => [
    title,
    `${SEARCH_PATH}?${new URLSearchParams({ text })}`,
  ]);
  const scenarios: [string, string][] = [['ping', PING_PATH], ...paths];
  const times = await interleaved(scenarios.map(([, path]) => path));
  const ping = times[0]?.median ?? 1;
  for (const [i, [title]] of scenarios.entries()) {
    const { median, total } = times[i] ?? { median: 0, total: undefined };
    const found = total === undefined ? '' : `  ${total} found`;
    console.log(
      `${title.padEnd(32)} ${median.toFixed(2).padStart(7)} ms  ${(median / ping).toFixed(1).padStart(5)} × ping${found}`,
    );
  }
}

/** Medians in ms; the scenarios take turns, so that the machine's moods reach them all. */
async function interleaved(paths: readonly string[]) {
  const samples: number[][] = paths.map(() => []);
  const totals: (number | undefined)[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, path] of paths.entries()) {
      const begun = performance.now();
      const body = (await (await fetch(registry.url + path)).json()) as { total?: number };
      samples[i]?.push(performance.now() - begun);
      totals[i] = body.total;
    }
  }
  return samples.map((sample, i) => ({ median: sample.sort((a, b) => a - b)[ROUNDS / 2] ?? 0, total: totals[i] }));
}
