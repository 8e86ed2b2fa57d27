// Owns `progy completion`: a script for a shell, made from the table of commands.
import type { Command } from '@commander-js/extra-typings';
import type { Action } from '../command.ts';
import { completionScript } from '../completion/scripts.ts';
import { placesIn } from '../completion/table.ts';
import type { CompletionOptions } from '../usage/completion.ts';

export interface CompletionResult {
  readonly shell: string;
  readonly script: string;
}

/** The command, for the program that it completes. */
export function completionOf(program: Command): Action<CompletionOptions, CompletionResult> {
  return {
    run: async ({ shell }) => ({ shell, script: completionScript(shell, placesIn(program)) }),
    views: {
      human: ({ script }) => script,
      json: (result) => result,
    },
  };
}
