// Owns how the commands of `progy classroom` are called.
import type { Command } from '@commander-js/extra-typings';
import type { Declaration, OptionsOf } from '../command.ts';

const startNames = ['courses'] as const;

const describeStart = (classroom: Command) =>
  classroom
    .command('start')
    .summary('start the courses of the class, beside node_modules')
    .description(
      'Starts the courses that the class pins, each in a folder of its own beside node_modules, from exactly the bytes that are locked. It needs no network after npm ci. If a course is started already, it says where.',
    )
    .argument('[courses...]', '@scope/slug of some of them (default: all)')
    .option('--dir <dir>', 'folder for the course, if it is one (default: my-<slug>)')
    .addHelpText('after', '\nExamples:\n  npm start\n  progy classroom start @diego/rust-mastery --dir rust');

export const start: Declaration<typeof describeStart, typeof startNames> = { usage: describeStart, names: startNames };

export type StartOptions = OptionsOf<typeof describeStart, typeof startNames>;
