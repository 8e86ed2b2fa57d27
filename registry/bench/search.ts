// Owns measuring search: the cost of a query among 2,000 courses, as a ratio to /-/ping. `-- --json FILE` writes the results.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startRegistry } from '../../fixtures/start-registry.ts';
import { writeToDatabase } from './database-file.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { foundIn, searchesAt, searchLine } from './search-queries.ts';
import { timeInTurns } from './turns.ts';

const ROUNDS = 100;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const registry = await startRegistry();
try {
  await writeToDatabase(registry.state, loadCatalogue);
  const [ping, ...searches] = await timeInTurns(ROUNDS, searchesAt(registry.url));
  console.log(ping?.line);
  for (const search of searches) console.log(searchLine(search));
  const rows = searches.map((search) => ({
    title: search.title,
    ms: search.ms,
    timesPing: search.timesFirst,
    ...foundIn(search),
  }));
  if (values.json !== undefined)
    await writeFile(values.json, JSON.stringify({ ping: ping?.ms, searches: rows }, null, 2));
} finally {
  await registry.stop();
}
