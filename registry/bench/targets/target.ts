// Owns what the benchmark asks of whatever it measures.
import type { Ask } from '../measure/load.ts';
import type { Publish } from '../work/packages.ts';
import type { PublishScenario, ReadScenario } from '../work/scenarios.ts';

export const TARGETS = ['ours', 'bare', 'floor', 'verdaccio', 'pnpr', 'edge-apps'] as const;
export type TargetName = (typeof TARGETS)[number];

/** A question, and the status of its right answer. */
export interface Reading extends Ask {
  status: number;
}

export interface Seeding {
  publishes: Iterable<Publish>;
  /** What will be read. */
  reads: readonly ReadScenario[];
  /** Ours, for those that copy it; filled before them. */
  ours?: Target;
}

export interface Target {
  name: TargetName;
  url: string;
  /** Version of what was measured; empty where it is this repository's. */
  version: string;
  /** Brings in what reads ask for. */
  seed(seeding: Seeding): Promise<void>;
  /** What a scenario asks of this target; undefined where it offers nothing of the kind. */
  read(scenario: ReadScenario): Promise<Reading | undefined>;
  /** How a publish is sent here; undefined where there is no such door. */
  publish(scenario: PublishScenario, publish: Publish): Promise<Ask | undefined>;
  stop(): Promise<void>;
}
