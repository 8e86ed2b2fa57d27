// Owns measuring growth: the cost of routes, the sweep and search among up to 100,000 courses and a million versions, compared with a registry of ten courses. `-- --json FILE` writes the results.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { PING_PATH, packumentPath, SEARCH_PATH, tarballPath } from '@progy/protocol/wire/urls.ts';
import { type CatalogueCourse, makeCatalogue } from '../../fixtures/catalogue/catalogue.ts';
import { type RunningRegistry, startRegistry } from '../../fixtures/start-registry.ts';
import { writeToDatabase } from './database-file.ts';
import { loadCourses, loadOlderVersions } from './load-catalogue.ts';
import { publish, signUp } from './publish.ts';
import { foundIn, searchesAt, searchLine } from './search-queries.ts';
import { type Scenario, type Timing, timeInTurns } from './turns.ts';

const FEW = 10;
/** The slowest search may take this long. */
const SEARCH_MS = 15;
/** Smaller differences count as none: medians on a busy machine differ by that much. */
const FLAT = 1.2;

const { values } = parseArgs({
  options: {
    courses: { type: 'string', default: '100000' },
    versions: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '100' },
    json: { type: 'string' },
  },
});
const [most, versions, rounds] = [Number(values.courses), Number(values.versions), Number(values.rounds)];
const steps = [1_000, 10_000, 100_000].filter((step) => step < most).concat(most);
const probe = parsePackageName('@prober/probe');

const [small, large] = [await startRegistry(), await startRegistry()];
try {
  const catalogue = makeCatalogue(most);
  for (const registry of [small, large]) {
    await publish(await signUp(registry.url, probe.scope), probe.full, '1.0.0');
    await add(registry, catalogue.slice(0, FEW));
  }
  const stages: Growth[][] = [];
  for (const [i, step] of steps.entries()) {
    await add(large, catalogue.slice(steps[i - 1] ?? FEW, step));
    for (const { url } of [small, large]) await wake(url);
    stages.push(await measureGrowth());
    printStage(step, stages.at(-1) ?? []);
  }
  await report(stages, await timeInTurns(rounds, searchesAt(large.url)));
} finally {
  await Promise.all([small.stop(), large.stop()]);
}

async function add(registry: RunningRegistry, courses: readonly CatalogueCourse[]): Promise<void> {
  await writeToDatabase(registry.state, async (run) => {
    await loadCourses(run, courses);
    await loadOlderVersions(run, courses, versions - 1);
  });
}

/** Loading outlasts an idle connection; the request that finds it closed fails. */
async function wake(url: string): Promise<void> {
  await fetch(url + PING_PATH).catch(() => fetch(url + PING_PATH));
}

/** Routes whose answers do not depend on the number of courses. */
function routesOf({ url }: RunningRegistry): Scenario[] {
  const routes: [title: string, path: string][] = [
    ['ping', PING_PATH],
    ['packument', packumentPath(probe)],
    ['manifest of latest', `${packumentPath(probe)}/latest`],
    ['manifest of a version', `${packumentPath(probe)}/1.0.0`],
    ['tarball', tarballPath(probe, '1.0.0')],
    ['no such course', packumentPath(parsePackageName('@prober/nothing'))],
    ['downloads of a course', `/downloads/point/last-week/${probe.full}`],
    ['search of a rare word', `${SEARCH_PATH}?text=prober`],
    ['sweep', '/cdn-cgi/local/scheduled'],
  ];
  return routes.map(([title, path]) => ({ title, url: url + path }));
}

/** Milliseconds of a route. */
interface Growth {
  title: string;
  few: number;
  many: number;
  growth: number;
}

/** Both registries take turns. */
async function measureGrowth(): Promise<Growth[]> {
  const [few, many] = [routesOf(small), routesOf(large)];
  const timings = await timeInTurns(rounds, [...few, ...many]);
  return few.map(({ title }, i) => {
    const [before, after] = [timings[i]?.ms ?? 0, timings[i + few.length]?.ms ?? 0];
    return { title, few: before, many: after, growth: after / before };
  });
}

function printStage(courses: number, routes: readonly Growth[]): void {
  console.log(
    `\n${''.padEnd(30)}${`among ${FEW}`.padStart(12)}${`among ${courses}, ${courses * versions} versions`.padStart(36)}`,
  );
  for (const { title, few, many, growth } of routes)
    console.log(
      `${title.padEnd(30)}${few.toFixed(2).padStart(9)} ms${many.toFixed(2).padStart(33)} ms  ${growth.toFixed(2)} ×`,
    );
}

async function report(stages: readonly Growth[][], [ping, ...searches]: readonly Timing[]): Promise<void> {
  console.log(`\nsearch among ${most} courses\n${ping?.line}`);
  for (const search of searches) console.log(searchLine(search));
  const goals = [...(stages.at(-1) ?? []).map(flatness), quickness(searches)];
  console.log('');
  for (const { goal, is, holds } of goals) console.log(`${holds ? 'holds' : 'FAILS'}  ${is.padStart(9)}  ${goal}`);
  const found = searches.map((search) => ({
    title: search.title,
    ms: search.ms,
    timesPing: search.timesFirst,
    ...foundIn(search),
  }));
  const stagesBySize = steps.map((courses, i) => ({ courses, versions: courses * versions, routes: stages[i] }));
  const result = { rounds, stages: stagesBySize, ping: ping?.ms, searches: found, goals };
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(result, null, 2));
}

function flatness({ title, growth }: Growth) {
  return {
    goal: `${title}: among ${most} courses as among ${FEW}`,
    is: `${growth.toFixed(2)} ×`,
    holds: growth <= FLAT,
  };
}

function quickness(searches: readonly Timing[]) {
  const slowest = searches.reduce((slow, search) => (search.ms > slow.ms ? search : slow));
  return {
    goal: `the slowest search, ${slowest.title}, in ${SEARCH_MS} ms`,
    is: `${slowest.ms.toFixed(1)} ms`,
    holds: slowest.ms <= SEARCH_MS,
  };
}
