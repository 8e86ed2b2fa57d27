// Owns starting a target by its name.
import type { BenchOptions } from '../options.ts';
import { startBare } from './bare.ts';
import { startEdgeApps } from './edge-apps.ts';
import { startFloor } from './floor.ts';
import { startOurs } from './ours.ts';
import { startPnpr } from './pnpr.ts';
import type { Target, TargetName } from './target.ts';
import { startVerdaccio } from './verdaccio.ts';

const STARTS: Record<TargetName, (options: BenchOptions) => Promise<Target>> = {
  ours: startOurs,
  bare: startBare,
  floor: startFloor,
  verdaccio: startVerdaccio,
  pnpr: startPnpr,
  'edge-apps': ({ edgeApps = '.' }) => startEdgeApps(edgeApps),
};

export function startTarget(name: TargetName, options: BenchOptions): Promise<Target> {
  return STARTS[name](options);
}
