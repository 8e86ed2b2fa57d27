// Owns how `progy serve` is called.
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

const DEFAULT_PORT = 8788;
const MAX_PORT = 65_535;

export const usage = (program: Command) =>
  program
    .command('serve')
    .summary('serve a mirror to the room')
    .description('Serves a folder that progy mirror made, as a registry that can only be read. Stop it with Ctrl-C.')
    .argument('<dir>', 'folder of the mirror')
    .option('--port <port>', 'port to listen on; 0 for a free one', parsePort, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on; 0.0.0.0 shares it with the network', '127.0.0.1')
    .addHelpText('after', '\nExamples:\n  progy serve mirror\n  progy serve mirror --host 0.0.0.0');

export const names = ['dir'] as const;

export type ServeOptions = OptionsOf<typeof usage, typeof names>;

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
