// Owns the registry that fault tests talk to: `npm start` in a process of its own, with its state on disk.
import type { Test } from 'tap';
import { type RegistryOptions, startRegistry } from '../../../fixtures/start-registry.ts';
import { clientOf, type RegistryClient } from '../harness.ts';

export interface StartedRegistry extends RegistryClient {
  /** Folder that D1 and R2 live in; see local-state.ts. */
  state: string;
}

/** Starts a registry without accounts, and stops it when the test ends. */
export async function openStarted(t: Test, options: RegistryOptions = {}): Promise<StartedRegistry> {
  const running = await startRegistry(options);
  t.teardown(() => running.stop());
  return { ...clientOf(running.url), state: running.state };
}

/** Runs the sweep as it will run at that time. */
export async function sweepAt(registry: RegistryClient, time: Date): Promise<void> {
  const response = await registry.fetch(`/cdn-cgi/local/scheduled?time=${time.getTime()}`);
  if (!response.ok) throw new Error(`The sweep failed: ${await response.text()}`);
}
