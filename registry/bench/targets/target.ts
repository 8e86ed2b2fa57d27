// Owns the interface of everything that the benchmark measures.
import type { Ask } from '../measure/load.ts';
import type { Publish } from '../work/packages.ts';
import type { PublishScenario, ReadScenario } from '../work/scenarios.ts';

export const TARGETS = ['ours', 'bare', 'floor', 'verdaccio', 'pnpr', 'edge-apps'] as const;
export type TargetName = (typeof TARGETS)[number];

/** A request, and the status of the correct answer. */
export interface Reading extends Ask {
  status: number;
}

export interface Seeding {
  publishes: Iterable<Publish>;
  /** The reads to prepare for. */
  reads: readonly ReadScenario[];
  /** Our target, for those that copy it; filled before them. */
  ours?: Target;
}

export interface Target {
  name: TargetName;
  url: string;
  /** Version of the measured program; empty for this repository's. */
  version: string;
  /** Publishes what the reads need. */
  seed(seeding: Seeding): Promise<void>;
  /** The request of a scenario to this target; undefined if it offers nothing of the kind. */
  read(scenario: ReadScenario): Promise<Reading | undefined>;
  /** The request of a publish to this target; undefined if it does not support that dialect. */
  publish(scenario: PublishScenario, publish: Publish): Promise<Ask | undefined>;
  stop(): Promise<void>;
}
