// Owns `npm run bench:init`: `progy init` beside git, curl, pacote and npm, over a slow link and none, and how fast progy starts.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { judgeInit } from './init/goals.ts';
import { type Measured, measure } from './init/measuring.ts';
import { type InitBenchOptions, parseInitBenchOptions, USAGE } from './init/options.ts';
import { PROGRAMS, STARTS } from './init/programs.ts';
import { initGoalTable, timeTable } from './init/report.ts';
import { SHAPES, STAGE_TITLES, type Stage } from './init/stages.ts';
import { openStand, type Stand } from './init/stand.ts';
import { printTable, type Table } from './measure/table.ts';

/** With what the times of a stage are compared. */
const REFERENCES: Record<Stage, string> = { slow: 'curl', fast: 'curl', start: 'node' };
/** Requests that `progy init` may make when it has everything. */
const WARM_REQUESTS = 1;

// So that what was started is ended with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
await main(readOptions(process.argv.slice(2)));

async function main(options: InitBenchOptions): Promise<void> {
  const stand = await openStand(options.folder);
  const stages = new Map<Stage, Measured>();
  try {
    for (const stage of options.stages) stages.set(stage, await measureStage(stand, stage, options));
  } finally {
    await stand.close();
  }
  report(stages, options);
  await keep(stages, options);
}

function readOptions(args: readonly string[]): InitBenchOptions {
  try {
    return parseInitBenchOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function measureStage(stand: Stand, stage: Stage, { rounds }: InitBenchOptions): Promise<Measured> {
  say(`${STAGE_TITLES[stage]}: ${rounds[stage]} rounds`);
  stand.shape(stage === 'start' ? undefined : SHAPES[stage]);
  return measure(stand, programsOf(stage), rounds[stage]);
}

function programsOf(stage: Stage) {
  return stage === 'start' ? STARTS : PROGRAMS.filter(({ links }) => links.includes(stage));
}

function report(stages: ReadonlyMap<Stage, Measured>, { markdown }: InitBenchOptions): void {
  const goals = judgements(stages);
  const titles = new Map([...PROGRAMS, ...STARTS].map(({ name, title }) => [name, title]));
  const tables = [...[...stages].map(stageTable), initGoalTable(goals, titles)];
  for (const table of tables) console.log(`\n${printTable(table, markdown)}`);
  const requests = (stages.get('slow') ?? stages.get('fast'))?.requests.get('init-warm');
  if (requests !== undefined)
    console.log(`\nprogy init, warm: ${requests} request(s), of ${WARM_REQUESTS} that it may make.`);
  const count = (verdict: boolean | undefined) => goals.filter(({ holds }) => holds === verdict).length;
  console.log(`Goals: ${count(true)} hold, ${count(false)} do not, ${count(undefined)} not measured.`);
}

function judgements(stages: ReadonlyMap<Stage, Measured>) {
  return judgeInit(new Map([...stages].map(([stage, { times }]) => [stage, times])));
}

function stageTable([stage, { times }]: [Stage, Measured]): Table {
  const programs = programsOf(stage);
  const reference = programs.find(({ name }) => name === REFERENCES[stage]);
  if (reference === undefined) throw new Error(`Nothing to compare with: ${stage}`);
  return timeTable(STAGE_TITLES[stage], programs, times, reference);
}

/** Every round's numbers, for whoever wants to compute otherwise. */
async function keep(stages: ReadonlyMap<Stage, Measured>, options: InitBenchOptions): Promise<void> {
  const measured = [...stages].map(([stage, { times, requests }]) => [
    stage,
    { times: Object.fromEntries(times), requests: Object.fromEntries(requests) },
  ]);
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  const document = {
    date: new Date().toISOString(),
    machine,
    options,
    goals: judgements(stages),
    stages: Object.fromEntries(measured),
  };
  await mkdir(dirname(options.json), { recursive: true });
  await writeFile(options.json, `${JSON.stringify(document, null, 2)}\n`);
  say(`Every round's numbers are in ${options.json}`);
}

/** Beside the tables, which may go to a file. */
function say(sentence: string): void {
  console.error(sentence);
}
