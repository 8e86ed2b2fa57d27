// Owns the initial state of a new registry with seeds: seeded once a day for each state of the sources that seeding runs.
import { builtOnce } from './build/built-once.ts';
import { copyState, isNew, STATE_SOURCES } from './build/migrated-state.ts';
import { WORKER_SOURCES } from './build/worker-bundle.ts';
import { startLocalRegistry } from './local-registry.ts';
import { seed } from './seed.ts';

const SOURCES = [...WORKER_SOURCES, ...STATE_SOURCES, 'registry/local', 'cli', 'fixtures/courses'];

/**
 * Creates the stores of a new state, with the seeds. Every seeded state of this day has the same secrets, which signed
 * them; like the seeds' password they protect only experiments on this machine.
 */
export async function openSeededState(state: string): Promise<void> {
  if (!(await isNew(state))) return;
  // After another day, the courses would be too old to unpublish.
  const today = new Date().toISOString().slice(0, 10);
  await copyState(await builtOnce({ name: 'seeded', sources: SOURCES, also: today, build }), state);
}

async function build(state: string): Promise<void> {
  const registry = await startLocalRegistry({ port: 0, state, seed: false, vars: {} });
  try {
    await seed(registry.url);
  } finally {
    await registry.stop();
  }
}
