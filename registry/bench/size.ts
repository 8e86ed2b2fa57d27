// Owns `npm run bench:size`: calls to D1 and R2 by route, and bytes by document, which are the same on every machine.
import { type CountedRegistry, type RequestCalls, startCountedRegistry } from './calls/counted-registry.ts';
import { type DocumentSize, weighPackument } from './calls/documents.ts';
import { countRoutes, type RouteCalls } from './calls/routes.ts';
import { printTable, type Table } from './measure/table.ts';
import { targetWithToken } from './targets/registry.ts';
import { makeVersions } from './work/packages.ts';

const COURSES: readonly [name: string, versions: number][] = [
  ['@diego/one', 1],
  ['@diego/two-hundred', 200],
];
const markdown = process.argv.includes('--markdown');

const registry = await startCountedRegistry();
try {
  console.log(printTable(callsTable(await countRoutes(registry)), markdown));
  console.log(`\n${printTable(documentTable(await weighAll(registry)), markdown)}`);
} finally {
  await registry.stop();
}

async function weighAll({ url, token, stop }: CountedRegistry): Promise<DocumentSize[]> {
  const target = targetWithToken({ name: 'ours', url, version: '', progyDoor: true, stop }, token);
  const sizes: DocumentSize[] = [];
  for (const [name, versions] of COURSES) {
    await target.seed({ publishes: makeVersions(name, versions, 0), reads: [] });
    sizes.push(...(await weighPackument(url, name, versions)));
  }
  return sizes;
}

/** A cell shows the first time, and the next if it differs. */
function callsTable(routes: readonly RouteCalls[]): Table {
  return {
    head: ['route, first time / next', 'calls in turn', 'goal', 'D1', 'R2', 'after the answer'],
    rows: routes.map(({ route, goal, first, again }) => {
      const both = (of: (calls: RequestCalls) => number) => [...new Set([of(first), of(again)])].join(' / ');
      const numbers = [both(({ before }) => before.d1), both(({ before }) => before.r2)];
      const later = both(({ after }) => after.d1 + after.r2);
      return [route, both(({ before }) => before.inTurn), String(goal ?? '–'), ...numbers, later];
    }),
  };
}

function documentTable(sizes: readonly DocumentSize[]): Table {
  return {
    head: ['packument', 'bytes', 'gzip', 'gzip a version'],
    rows: sizes.map(({ title, bytes, gzipped }) => [
      title,
      bytes.toLocaleString('en'),
      gzipped.toLocaleString('en'),
      Math.round(gzipped / Number(/\d+/.exec(title)?.[0])).toLocaleString('en'),
    ]),
  };
}
