// Owns what can be typed after progy: every command with its options, read from the program itself.
import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

export interface Word {
  readonly text: string;
  /** One line. */
  readonly summary: string;
}

/** A place in a command line: after `progy`, `progy init`, `progy org set`. */
export interface Place {
  /** The words up to there, `progy org set`. */
  readonly path: string;
  /** Commands, and the values of arguments that have a fixed set of them. */
  readonly words: readonly Word[];
  readonly options: readonly Word[];
}

const HELP: Word = { text: '--help', summary: 'display help for command' };

/** All places, the outermost first. */
export function placesIn(command: CommandUnknownOpts, before = ''): Place[] {
  const path = `${before}${command.name()}`;
  const inner = command.commands.flatMap((child) => placesIn(child, `${path} `));
  return [placeOf(command, path), ...inner];
}

function placeOf(command: CommandUnknownOpts, path: string): Place {
  const commands = command.commands.map((child) => ({ text: child.name(), summary: child.summary() }));
  const values = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((text) => ({ text, summary: description })),
  );
  const options = command.options.filter(({ hidden }) => !hidden).map(wordOf);
  return { path, words: [...commands, ...values], options: [...options, HELP] };
}

function wordOf({ long, short, description }: Option): Word {
  return { text: long ?? short ?? '', summary: description };
}
