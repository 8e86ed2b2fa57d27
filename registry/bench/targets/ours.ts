// Owns this registry as a target: the production bundle, as `npm start` runs it.
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { registryTarget } from './registry.ts';
import type { Target } from './target.ts';

export async function startOurs(): Promise<Target> {
  const { url, stop } = await startRegistry();
  const target = await registryTarget({ name: 'ours', url, version: '', progyDoor: true, stop });
  return { ...target, read: async (scenario) => (await target.read(scenario)) ?? missing(scenario.title) };
}

function missing(title: string): never {
  throw new Error(`Ours does not answer as it should: ${title}`);
}
