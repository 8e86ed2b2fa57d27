// Owns how `progy adopt` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('adopt')
    .summary('make a copy of a course one that progy can update')
    .description(
      'For a copy that came through npm, as a zip or with git clone: finds out which version it is, writes progy-lock.json, and makes a git repository if there is none. Changes no file.',
    )
    .argument('[spec]', '@scope/slug@version, if progy cannot find it out')
    .option('--registry <url>', 'registry that the course is in')
    .addHelpText('after', '\nExamples:\n  progy adopt\n  progy adopt @diego/rust-mastery@1.0.0');

export const names = ['spec'] as const;

export type AdoptOptions = OptionsOf<typeof usage, typeof names>;
