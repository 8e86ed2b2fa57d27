// Owns the measurements, by scenario, target and round.
import type { TargetName } from '../targets/target.ts';

/** What can be compared: answers a second, milliseconds for one (of all connections together), its median milliseconds. */
export type Measure = 'rate' | 'time' | 'p50';

/** One number per round, in the same order for all targets. */
export interface Measurement extends Record<Measure, number[]> {
  /** Bytes of one answer; 0 for a publish. */
  bytes: number;
}

/** By name of scenario and target. */
export type Results = Map<string, Map<TargetName, Measurement>>;

export function record(
  results: Results,
  scenario: string,
  target: TargetName,
  round: Record<Measure | 'bytes', number>,
) {
  const ofScenario = results.get(scenario) ?? new Map<TargetName, Measurement>();
  const measurement = ofScenario.get(target) ?? { rate: [], time: [], p50: [], bytes: 0 };
  for (const measure of ['rate', 'time', 'p50'] as const) measurement[measure].push(round[measure]);
  measurement.bytes = round.bytes;
  results.set(scenario, ofScenario.set(target, measurement));
}
