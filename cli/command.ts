// Owns the shape of a command: its usage, what it does, and how its result is shown.
import type { Command, OptionValues } from '@commander-js/extra-typings';
import type { Context } from './context.ts';
import type { Line } from './terminal/styled.ts';

/** Text, or lines where some of it has a style. */
export type Shown = string | readonly Line[];

export interface Views<Result, Text extends Shown = string> {
  /** Text for people, without a line end. */
  human(result: Result): Text;
  /** What --json prints, without `success`; with it where the command did its work and the answer is no. */
  json(result: Result): object;
  /** For an answer that is no: 1. Without it, or for any other answer, 0. */
  exitCode?(result: Result): number;
}

/** Declares a command to commander, which learns the types of its arguments and options from the words. */
export type Usage = (parent: Command) => Command<unknown[], OptionValues>;

type ArgumentsOf<Declared extends Usage> = ReturnType<Declared>['processedArgs'];

type EachNamed<Args extends unknown[]> = { readonly [Index in keyof Args]: string };

/** A name for each argument: commander's types know only their number and types. */
export type NamesFor<Declared extends Usage> = EachNamed<ArgumentsOf<Declared>>;

/** What `run` receives: the arguments and options that `usage` declares, in one object, under their camel-case names. */
export type OptionsOf<Declared extends Usage, Names extends NamesFor<Declared>> = OptionalIfUndefined<
  Named<Names, ArgumentsOf<Declared>> & ReturnType<ReturnType<Declared>['opts']>
>;

type Named<Names extends EachNamed<Args>, Args extends unknown[]> = {
  [Index in keyof Args & `${number}` as Index extends keyof Names ? Names[Index] & string : never]: Args[Index];
};

type OptionalIfUndefined<Fields> = {
  readonly [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Fields[Key];
} & { readonly [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key] };

/** How a command is called: a module of usage/. Help needs no more than this. */
export interface Declaration<Declared extends Usage, Names extends NamesFor<Declared>> {
  readonly usage: Declared;
  readonly names: Names;
}

/** What a command does: a module of commands/. Loaded once it is chosen. */
export interface Action<Options, Result> {
  run(options: Options, context: Context): Promise<Result>;
  readonly views: Views<Result, Shown>;
  /** True if it downloads: afterwards the cache is kept to its size. */
  readonly usesCache?: boolean;
}
