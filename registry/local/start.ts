// Owns `npm start`: a registry to experiment with, until Ctrl-C.
import { progyFrom } from '@progy/protocol/client/progy-command.ts';
import { openState } from './build/migrated-state.ts';
import { CannotStart, startLocalRegistry } from './local-registry.ts';
import { parseStartOptions, type StartOptions, USAGE } from './options.ts';
import { SEED_PASSWORD, seed } from './seed.ts';
import { openSeededState } from './seeded-state.ts';

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const registry = await startLocalRegistry(options, openingOf(options)).catch(giveUp);
  const stop = () => void registry.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // The test that started it has died.
  process.once('disconnect', stop);
  if (options.seed && registry.isEmpty) {
    await seed(registry.url).catch((error) => registry.stop().then(() => giveUp(error)));
  }
  console.log(`Progy registry ready at ${registry.url}`);
  if (options.seed) console.log(nextSteps(registry.url));
}

function readOptions(args: readonly string[]): StartOptions {
  try {
    return parseStartOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** With other vars, seeding may have another result. */
function openingOf({ seed, vars }: StartOptions): typeof openState {
  return seed && Object.keys(vars).length === 0 ? openSeededState : openState;
}

function giveUp(error: unknown): never {
  if (!(error instanceof CannotStart)) throw error;
  console.error(error.message);
  process.exit(1);
}

function nextSteps(url: string): string {
  const progy = progyFrom(url);
  return `
Try next, in another terminal:

  ${progy} init @diego/rust-mastery
  npm view @diego/rust-mastery --registry ${url}
  ${progy} login        (opens a page: diego or marta, password ${SEED_PASSWORD})

Ctrl-C stops it.`;
}
