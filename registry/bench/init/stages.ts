// Owns what is measured one after the other: programs that only start, and courses over a fast and a slow link.
import type { Shape } from './link.ts';

export const STAGES = ['start', 'fast', 'slow'] as const;
export type Stage = (typeof STAGES)[number];
export type LinkName = Exclude<Stage, 'start'>;

export const SHAPES: Record<LinkName, Shape | undefined> = {
  fast: undefined,
  slow: { megabits: 20, roundTrip: 80 },
};

export const STAGE_TITLES: Record<Stage, string> = {
  start: 'start',
  fast: 'loopback',
  slow: '20 Mbit/s, 80 ms there and back',
};
