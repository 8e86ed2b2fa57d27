// Owns the shape of a command: how it is called, what it does, and how its result is shown.
import type { Command } from 'commander';
import type { Context } from './context.ts';

export interface Views<Result> {
  /** Text for people, without a line end. */
  human(result: Result): string;
  /** What --json prints, without `success`. */
  json(result: Result): object;
}

/** A module of commands/. Arguments and options arrive together in `Options`, under their camel-case names. */
export interface CommandModule<Options, Result> {
  usage(program: Command): Command;
  run(options: Options, context: Context): Promise<Result>;
  views: Views<Result>;
}
