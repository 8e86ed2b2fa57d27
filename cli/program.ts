// Owns the table of commands, and what surrounds each of them: options in, result out.
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { escapeControlsInLines } from '@progy/protocol/escape-controls.ts';
import type { CommandModule, NamesFor, OptionsOf, Usage } from './command.ts';
import { grant, revoke } from './commands/access.ts';
import * as auditLog from './commands/audit-log.ts';
import * as deprecate from './commands/deprecate.ts';
import * as info from './commands/info.ts';
import * as init from './commands/init.ts';
import * as login from './commands/login.ts';
import * as logout from './commands/logout.ts';
import * as orgCreate from './commands/org-create.ts';
import * as orgSet from './commands/org-set.ts';
import * as pack from './commands/pack.ts';
import * as publish from './commands/publish.ts';
import * as search from './commands/search.ts';
import * as unyank from './commands/unyank.ts';
import * as whoami from './commands/whoami.ts';
import * as yank from './commands/yank.ts';
import type { Context } from './context.ts';
import packageJson from './package.json' with { type: 'json' };
import { safeJson } from './terminal/safe-json.ts';

/** Where answers and help go. */
export type Stdout = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The `progy` program. It throws: {CommanderError} for wrong usage and after help, and whatever a command throws. */
export function createProgram(context: Context, stdout: Stdout): Command {
  const program = emptyProgram(context, stdout);
  const attachTo = <Declared extends Usage, const Names extends NamesFor<Declared>, Result>(
    module: CommandModule<Declared, Names, Result>,
    parent: Command = program,
  ) => attach(parent, module, context, stdout);
  program.commandsGroup('For students:');
  attachTo(search);
  attachTo(info);
  attachTo(init);
  program.commandsGroup('For instructors:');
  attachTo(pack);
  attachTo(publish);
  attachTo(deprecate);
  attachTo(yank);
  attachTo(unyank);
  const access = program.command('access').helpCommand(false).summary('let somebody read a private course');
  attachTo(grant, access);
  attachTo(revoke, access);
  attachTo(auditLog);
  program.commandsGroup('Your account:');
  attachTo(login);
  attachTo(logout);
  attachTo(whoami);
  const org = program.command('org').helpCommand(false).summary('create an organization, and set the roles in it');
  attachTo(orgCreate, org);
  attachTo(orgSet, org);
  return program;
}

function emptyProgram({ env, columns }: Context, stdout: Stdout): Command {
  return new Command('progy')
    .description('Start programming courses, and publish your own.')
    .version(packageJson.version, '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ styleTitle: (title) => styleText('bold', title), sortOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: () => {}, // main explains errors
      getOutHelpWidth: () => columns,
      getOutHasColors: () => stdout.isTTY === true && !env.NO_COLOR,
    })
    .addHelpText(
      'after',
      '\nExamples:\n  progy search rust\n  progy init @diego/rust-mastery\n  progy publish --dry-run\n\nprogy <command> --help tells more.',
    );
}

function attach<Declared extends Usage, Names extends NamesFor<Declared>, Result>(
  parent: Command,
  { usage, names, run, views }: CommandModule<Declared, Names, Result>,
  context: Context,
  stdout: Stdout,
): void {
  const command = usage(parent).option('--json', 'print the result as one JSON object');
  command.action(async () => {
    const result = await run(readOptions<Declared, Names>(command, names), context);
    const text = command.opts().json
      ? safeJson({ success: true, ...views.json(result) })
      : escapeControlsInLines(views.human(result));
    stdout.write(`${text}\n`);
  });
}

/** The command that helps with what was typed: that of the command it names, as far as there is one. */
export function helpFor(program: Command, argv: readonly string[]): string {
  const names = [program.name()];
  let command: CommandUnknownOpts | undefined = program;
  for (const word of argv) {
    command = command.commands.find((candidate) => candidate.name() === word);
    if (command === undefined) break;
    names.push(word);
  }
  return `${names.join(' ')} --help`;
}

/** Arguments join the options under their own names: the shape that {@link OptionsOf} derives from the declarations. */
function readOptions<Declared extends Usage, Names extends NamesFor<Declared>>(
  command: ReturnType<Usage>,
  names: readonly string[],
): OptionsOf<Declared, Names> {
  const named = names.map((name, index) => [name, command.processedArgs[index]]);
  return { ...command.opts(), ...Object.fromEntries(named) };
}
