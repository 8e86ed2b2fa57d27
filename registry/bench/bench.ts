// Owns `npm run bench`: this registry next to others on one machine, and whether it meets the speed goals.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { judge } from './goals.ts';
import type { Results } from './measure/results.ts';
import { measurePublishes, measureReads } from './measure/rounds.ts';
import { printTable } from './measure/table.ts';
import { type BenchOptions, parseBenchOptions, USAGE } from './options.ts';
import { goalTable, publishTable, readTable } from './report.ts';
import { startTarget } from './targets/start-target.ts';
import type { Target } from './targets/target.ts';
import { type PublishScenario, publishScenarios, type ReadScenario, readScenarios, seeds } from './work/scenarios.ts';

interface Plan {
  reads: ReadScenario[];
  publishes: PublishScenario[];
}

// So that everything it started ends with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  const plan = planOf(options);
  const results: Results = new Map();
  const targets: Target[] = [];
  try {
    for (const name of options.only) targets.push(await startTarget(name, options));
    await seedAll(targets, plan);
    say(`Reading: ${plan.reads.length} scenarios, ${options.rounds} rounds`);
    await measureReads(results, targets, plan.reads, options);
    say(`Publishing: ${plan.publishes.length} scenarios, ${options.rounds} rounds`);
    await measurePublishes(results, targets, plan.publishes, options.rounds);
  } finally {
    for (const target of targets) await target.stop();
  }
  report(results, plan, options);
  await keep(results, targets, options);
}

function readOptions(args: readonly string[]): BenchOptions {
  try {
    return parseBenchOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function planOf(options: BenchOptions): Plan {
  const isWanted = ({ name }: { name: string }) =>
    options.scenarios.length === 0 || options.scenarios.some((word) => name.includes(word));
  return { reads: readScenarios(options).filter(isWanted), publishes: publishScenarios(options).filter(isWanted) };
}

/** All in parallel, except for the bare Worker, which copies our answers. */
async function seedAll(targets: readonly Target[], { reads, publishes }: Plan): Promise<void> {
  const packages = new Set([...reads, ...publishes].map((scenario) => scenario.package));
  const ours = targets.find(({ name }) => name === 'ours');
  const fill = async (target: Target) => {
    const begun = performance.now();
    await target.seed({ publishes: seeds(packages), reads, ours });
    say(
      `Filled ${[target.name, target.version].join(' ').trim()} in ${((performance.now() - begun) / 1_000).toFixed(1)} s`,
    );
  };
  await Promise.all(targets.filter(({ name }) => name !== 'bare').map(fill));
  await Promise.all(targets.filter(({ name }) => name === 'bare').map(fill));
}

function report(results: Results, { reads, publishes }: Plan, { only, markdown }: BenchOptions): void {
  const goals = judge(results).filter(({ goal }) =>
    [...reads, ...publishes].some(({ name }) => name === goal.scenario),
  );
  const tables = [readTable(results, reads, only), publishTable(results, publishes, only), goalTable(goals)];
  for (const table of tables.filter(({ rows }) => rows.length > 0)) console.log(`\n${printTable(table, markdown)}`);
  const count = (verdict: boolean | undefined) => goals.filter(({ holds }) => holds === verdict).length;
  console.log(`\nGoals: ${count(true)} hold, ${count(false)} do not, ${count(undefined)} not measured.`);
}

/** The numbers of every round, for other calculations. */
async function keep(results: Results, targets: readonly Target[], options: BenchOptions): Promise<void> {
  const measured = Object.fromEntries([...results].map(([name, byTarget]) => [name, Object.fromEntries(byTarget)]));
  const document = {
    date: new Date().toISOString(),
    machine: { node: process.version, cpus: cpus().length, model: cpus()[0]?.model },
    options,
    versions: Object.fromEntries(targets.map(({ name, version }) => [name, version])),
    goals: judge(results),
    results: measured,
  };
  await mkdir(dirname(options.json), { recursive: true });
  await writeFile(options.json, `${JSON.stringify(document, null, 2)}\n`);
  say(`Every round's numbers are in ${options.json}`);
}

/** On standard error, because the tables may go to a file. */
function say(sentence: string): void {
  console.error(sentence);
}
