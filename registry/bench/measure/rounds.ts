// Owns measuring in rounds: in each, every target takes its turn at every scenario, so that changes in the machine's load affect them all.
import type { Reading, Target, TargetName } from '../targets/target.ts';
import { makePublish } from '../work/packages.ts';
import type { PublishScenario, ReadScenario } from '../work/scenarios.ts';
import { type Answer, Loader, send } from './load.ts';
import { type Results, record } from './results.ts';
import { median, rotated } from './statistics.ts';

/** Share of a load's seconds spent warming up before the first round; these results are dropped. */
const WARM_UP = 0.5;

export interface Effort {
  rounds: number;
  /** Seconds of one load. */
  seconds: number;
}

/** One target at one scenario, warmed up, and its answer. */
interface Lane {
  target: TargetName;
  loader: Loader;
  reading: Reading;
  answer: Answer;
}

/** Reads with the load of each scenario. @throws {Error} if a target's answer changes. */
export async function measureReads(
  results: Results,
  targets: readonly Target[],
  scenarios: readonly ReadScenario[],
  { rounds, seconds }: Effort,
): Promise<void> {
  for (const scenario of scenarios) {
    const lanes = await openLanes(targets, scenario, seconds);
    for (let round = 0; round < rounds; round++) {
      for (const { target, loader, reading, answer } of rotated(lanes, round)) {
        const { rate, p50 } = await loader.load(reading, answer, seconds);
        record(results, scenario.name, target, { rate, time: 1_000 / rate, p50, bytes: answer.bytes });
      }
    }
    await Promise.all(lanes.map(({ loader }) => loader.close()));
  }
}

async function openLanes(targets: readonly Target[], scenario: ReadScenario, seconds: number): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const target of targets) {
    const reading = await target.read(scenario);
    if (reading === undefined) continue;
    const loader = new Loader(target.url, scenario.connections);
    const answer = await loader.ask(reading);
    if (answer.status !== reading.status) throw new Error(`${target.name}: ${scenario.title} answers ${answer.status}`);
    await loader.load(reading, answer, seconds * WARM_UP);
    lanes.push({ target: target.name, loader, reading, answer });
  }
  return lanes;
}

/** Publishes versions in sequence; all targets get the same bytes. */
export async function measurePublishes(
  results: Results,
  targets: readonly Target[],
  scenarios: readonly PublishScenario[],
  rounds: number,
): Promise<void> {
  for (const scenario of scenarios) {
    // The round before the first one warms up.
    for (let round = -1; round < rounds; round++) {
      const times = await publishInTurns(targets, scenario, round + 1);
      if (round < 0) continue;
      for (const [target, ofTarget] of times) {
        const time = median(ofTarget);
        record(results, scenario.name, target, { rate: 1_000 / time, time, p50: time, bytes: 0 });
      }
    }
  }
}

/** Milliseconds of each publish of one round, by target. */
async function publishInTurns(targets: readonly Target[], scenario: PublishScenario, round: number) {
  const times = new Map<TargetName, number[]>();
  for (let i = 0; i < scenario.times; i++) {
    const publish = makePublish(scenario.package, `2.${round}.${i}`, scenario.bytes);
    for (const target of rotated(targets, round + i)) {
      const ask = await target.publish(scenario, publish);
      if (ask !== undefined) times.set(target.name, [...(times.get(target.name) ?? []), await send(target.url, ask)]);
    }
  }
  return times;
}
