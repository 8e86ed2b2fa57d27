// Owns the state that a new registry with seeds begins with: seeded once a day for each content of all that seeding runs.
import { builtOnce } from './build/built-once.ts';
import { copyState, isNew, STATE_SOURCES } from './build/migrated-state.ts';
import { WORKER_SOURCES } from './build/worker-bundle.ts';
import { startLocalRegistry } from './local-registry.ts';
import { seed } from './seed.ts';

const SOURCES = [...WORKER_SOURCES, ...STATE_SOURCES, 'registry/local', 'cli', 'fixtures/courses'];

/**
 * Gives a state that has none its stores, with the seeds. Its secrets, which signed them, are then those of every seeded
 * state of this day; like the seeds' password they protect nothing but this machine's own play.
 */
export async function openSeededState(state: string): Promise<void> {
  if (!(await isNew(state))) return;
  // Of another day, the courses would be too old to be unpublished.
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
