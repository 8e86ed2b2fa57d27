// Owns how `progy completion` is called.
import { Argument, type Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('completion')
    .summary('complete commands with the Tab key')
    .description('Prints a script that lets a shell complete the commands and options of progy.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish', 'powershell'] as const))
    .addHelpText(
      'after',
      '\nTo use it, add one line to the file that your shell reads at its start:\n  ~/.bashrc                   eval "$(progy completion bash)"\n  ~/.zshrc, after compinit    eval "$(progy completion zsh)"\n  ~/.config/fish/config.fish  progy completion fish | source\n  $PROFILE                    progy completion powershell | Out-String | Invoke-Expression',
    );

export const names = ['shell'] as const;

export type CompletionOptions = OptionsOf<typeof usage, typeof names>;
