// Owns opening an exercise for the person: with their editor, or its folder with what opens folders on this system.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Environment } from '../context.ts';
import { splitWords } from '../runners/words.ts';

/** Editors that open files in a window, in the order in which they are looked for. */
const EDITORS = ['code', 'codium', 'subl'];

/** What to open: absolute paths. */
export interface ToOpen {
  readonly folder: string;
  /** Undefined where there is none to edit. */
  readonly file: string | undefined;
}

/** A program and its arguments. */
export type Words = readonly [string, ...string[]];

/**
 * The command that opens an exercise. Only an editor is given a file: what opens files by their kind would run a script.
 * @param installed finds the path of a program.
 * @throws {CliError} NO_EDITOR.
 */
export async function openingCommand(
  { folder, file }: ToOpen,
  env: Environment,
  platform: NodeJS.Platform,
  installed: (program: string) => Promise<string | undefined>,
): Promise<Words> {
  const target = file ?? folder;
  const chosen = env.VISUAL || env.EDITOR;
  if (chosen) return [...editorWords(chosen), target];
  for (const editor of EDITORS) {
    const path = await installed(editor);
    if (path !== undefined) return [path, target];
  }
  if (platform === 'darwin') return file === undefined ? ['open', folder] : ['open', '-t', file];
  if (platform === 'win32') return ['explorer.exe', folder];
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return ['xdg-open', folder];
  throw noEditor('No editor is known here');
}

/** Where a program is in PATH. Scripts for cmd are not found: they cannot be started without it. */
export async function findProgram(program: string, { PATH = '' }: Environment): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  for (const folder of PATH.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/**
 * Starts an editor and waits until it ends; one with a window mostly ends at once.
 * @throws {CliError} NO_EDITOR.
 */
export async function startEditor([program, ...args]: Words, cwd: string, env: Environment): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { ...env, NoDefaultCurrentDirectoryInExePath: '1' },
    stdio: 'inherit',
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(noEditor(`${program} cannot be started`)));
    child.once('exit', resolve);
  });
  if (code !== 0) throw noEditor(`${program} ended with ${code === null ? 'a signal' : `code ${code}`}`);
}

function editorWords(command: string): Words {
  try {
    const [program, ...args] = splitWords(command);
    if (program !== undefined) return [program, ...args];
  } catch {
    // The next line says what is wrong.
  }
  throw noEditor(`VISUAL or EDITOR is no command: ${command}`);
}

function noEditor(problem: string): CliError {
  return new CliError('NO_EDITOR', problem);
}
