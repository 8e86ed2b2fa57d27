// Owns the table of commands and what they share: options in, result out.
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { Command, type CommandUnknownOpts, Help, type Option } from '@commander-js/extra-typings';
import { escapeControlsInLines } from '@progy/protocol/escape-controls.ts';
import type { Action, Declaration, NamesFor, OptionsOf, Shown, Usage } from './command.ts';
import type { Context, Environment } from './context.ts';
import { checkOutsideNodeModules } from './inside-node-modules.ts';
import { recoverInterrupted } from './interrupted-change.ts';
import { callableInNext, callableInNextLines } from './own-command.ts';
import packageJson from './package.json' with { type: 'json' };
import { safeJson } from './terminal/safe-json.ts';
import * as access from './usage/access.ts';
import * as adopt from './usage/adopt.ts';
import * as auditLog from './usage/audit-log.ts';
import * as cache from './usage/cache.ts';
import * as check from './usage/check.ts';
import * as classroom from './usage/classroom.ts';
import { invite } from './usage/classroom-invite.ts';
import * as completion from './usage/completion.ts';
import * as deprecate from './usage/deprecate.ts';
import * as diff from './usage/diff.ts';
import * as doctor from './usage/doctor.ts';
import * as done from './usage/done.ts';
import * as hint from './usage/hint.ts';
import * as info from './usage/info.ts';
import * as init from './usage/init.ts';
import * as list from './usage/list.ts';
import * as login from './usage/login.ts';
import * as logout from './usage/logout.ts';
import * as mirror from './usage/mirror.ts';
import * as next from './usage/next.ts';
import * as open from './usage/open.ts';
import * as orgCreate from './usage/org-create.ts';
import * as orgSet from './usage/org-set.ts';
import * as pack from './usage/pack.ts';
import * as portfolio from './usage/portfolio.ts';
import * as publish from './usage/publish.ts';
import * as reset from './usage/reset.ts';
import * as search from './usage/search.ts';
import * as serve from './usage/serve.ts';
import * as status from './usage/status.ts';
import * as test from './usage/test.ts';
import * as unyank from './usage/unyank.ts';
import * as update from './usage/update.ts';
import * as whoami from './usage/whoami.ts';
import * as yank from './usage/yank.ts';

/** Where answers and help go. */
export type Stdout = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** One run of the program. */
interface Session {
  readonly context: Context;
  readonly stdout: Stdout;
  /** Called with the exit code of a command that did its work. */
  end(exitCode: number): void;
}

/**
 * The `progy` program. Only the chosen command's module is loaded.
 * It throws: {CommanderError} for wrong usage and after help, and whatever a command throws.
 */
export function createProgram({ context, stdout, end }: Session): Command {
  const program = emptyProgram(context, stdout);
  const attachTo = <Declared extends Usage, const Names extends NamesFor<Declared>, Result>(
    parent: Command,
    declaration: Declaration<Declared, Names>,
    load: () => Promise<Action<OptionsOf<Declared, Names>, Result>>,
  ) => attach(declaration.usage(parent), declaration.names, load, { context, stdout, end });
  program.commandsGroup('For students:');
  attachTo(program, search, () => import('./commands/search.ts'));
  attachTo(program, info, () => import('./commands/info.ts'));
  attachTo(program, init, () => import('./commands/init.ts'));
  attachTo(program, portfolio, () => import('./commands/portfolio.ts'));
  program.commandsGroup('For classes:');
  const classGroup = program.command('classroom').helpCommand(false).summary('one class folder for every laptop');
  attachTo(classGroup, classroom.create, () => import('./commands/classroom-create.ts'));
  attachTo(classGroup, classroom.start, () => import('./commands/classroom-start.ts'));
  attachTo(classGroup, classroom.update, () => import('./commands/classroom-update.ts'));
  attachTo(classGroup, invite, () => import('./commands/classroom-invite.ts'));
  attachTo(classGroup, classroom.verify, () => import('./commands/classroom-verify.ts'));
  attachTo(program, mirror, () => import('./commands/mirror.ts'));
  attachTo(program, serve, () => import('./commands/serve.ts'));
  program.commandsGroup('In a course:');
  attachTo(program, next, () => import('./commands/next.ts'));
  attachTo(program, test, () => import('./commands/test.ts'));
  attachTo(program, hint, () => import('./commands/hint.ts'));
  attachTo(program, open, () => import('./commands/open.ts'));
  attachTo(program, done, () => import('./commands/done.ts'));
  attachTo(program, list, () => import('./commands/list.ts'));
  attachTo(program, check, () => import('./commands/check.ts'));
  attachTo(program, status, () => import('./commands/status.ts'));
  attachTo(program, diff, () => import('./commands/diff.ts'));
  attachTo(program, update, () => import('./commands/update.ts'));
  attachTo(program, reset, () => import('./commands/reset.ts'));
  attachTo(program, adopt, () => import('./commands/adopt.ts'));
  const cacheGroup = program
    .command('cache')
    .helpCommand(false)
    .summary('look after the courses kept on this computer');
  attachTo(cacheGroup, cache.ls, async () => (await import('./commands/cache.ts')).ls);
  attachTo(cacheGroup, cache.verify, async () => (await import('./commands/cache.ts')).verify);
  attachTo(cacheGroup, cache.prune, async () => (await import('./commands/cache.ts')).prune);
  attachTo(cacheGroup, cache.clean, async () => (await import('./commands/cache.ts')).clean);
  program.commandsGroup('For instructors:');
  attachTo(program, pack, () => import('./commands/pack.ts'));
  attachTo(program, publish, () => import('./commands/publish.ts'));
  attachTo(program, deprecate, () => import('./commands/deprecate.ts'));
  attachTo(program, yank, () => import('./commands/yank.ts'));
  attachTo(program, unyank, () => import('./commands/unyank.ts'));
  const accessGroup = program.command('access').helpCommand(false).summary('let people read a private course');
  attachTo(accessGroup, access.grant, async () => (await import('./commands/access.ts')).grant);
  attachTo(accessGroup, access.revoke, async () => (await import('./commands/access.ts')).revoke);
  attachTo(program, auditLog, () => import('./commands/audit-log.ts'));
  program.commandsGroup('Your account:');
  attachTo(program, login, () => import('./commands/login.ts'));
  attachTo(program, logout, () => import('./commands/logout.ts'));
  attachTo(program, whoami, () => import('./commands/whoami.ts'));
  const org = program.command('org').helpCommand(false).summary('create an organization and set roles in it');
  attachTo(org, orgCreate, () => import('./commands/org-create.ts'));
  attachTo(org, orgSet, () => import('./commands/org-set.ts'));
  program.commandsGroup('progy itself:');
  attachTo(program, doctor, () => import('./commands/doctor.ts'));
  attachTo(program, completion, async () => (await import('./commands/completion.ts')).completionOf(program));
  return program;
}

function emptyProgram({ env, columns }: Context, stdout: Stdout): Command {
  return new Command('progy')
    .description('Start programming courses, and publish your own.')
    .version(packageJson.version, '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({
      styleTitle: (title) => styleText('bold', title),
      // commander's `sortOptions` compares by locale, which takes milliseconds to load.
      visibleOptions: (command) =>
        new Help().visibleOptions(command).sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1)),
    })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: () => {}, // main explains errors
      getOutHelpWidth: () => columns,
      getOutHasColors: () => hasColours(stdout, env),
    })
    .addHelpText(
      'after',
      '\nExamples:\n  progy search rust\n  progy init @diego/rust-mastery\n  progy publish --dry-run\n\nMore about a command: progy <command> --help',
    );
}

/** Sorts a long option by its first letter, among the short ones, as commander does. */
function sortKey({ short, long }: Option): string {
  return (short ?? long ?? '').replace(/^-+/, '').toLowerCase();
}

function attach<Declared extends Usage, Names extends NamesFor<Declared>, Result>(
  called: ReturnType<Usage>,
  names: Names,
  load: () => Promise<Action<OptionsOf<Declared, Names>, Result>>,
  { context, stdout, end }: Session,
): void {
  const command = called.option('--json', 'print the result as one JSON object');
  command.action(async () => {
    checkOutsideNodeModules(context.cwd);
    await recoverInterrupted(context);
    const { run, views, usesCache } = await load();
    const result = await run(readOptions<Declared, Names>(command, names), context);
    if (usesCache) await (await import('./registry/cache.ts')).tidyCache(context);
    const text = command.opts().json
      ? safeJson({ success: true, ...views.json(result) })
      : await humanText(views.human(result), { colours: hasColours(stdout, context.env), progy: context.progy });
    stdout.write(`${text}\n`);
    end(views.exitCode?.(result) ?? 0);
  });
}

/** Styles are loaded only for what has some. */
async function humanText(shown: Shown, { colours, progy }: { colours: boolean; progy: string }): Promise<string> {
  if (typeof shown === 'string') return escapeControlsInLines(callableInNext(shown, progy));
  const { printLines } = await import('./terminal/styled.ts');
  return printLines(callableInNextLines(shown, progy), colours);
}

function hasColours(stdout: Stdout, env: Environment): boolean {
  return stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** The help command for what was typed: for the command it names, as far as that exists. */
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
