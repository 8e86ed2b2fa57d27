// Owns finding the npms that tests drive: the one this machine has, and npm 12.
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { temporaryFolder } from './folders.ts';
import { freshEnvironment, machinePath, type Program, runProgram } from './run-program.ts';

export interface Npm {
  /** As test titles name it, with its version. */
  label: string;
  program: Program;
}

const NPM_12 = fileURLToPath(new URL('../../../../node_modules/npm/bin/npm-cli.js', import.meta.url));

/** npm 12, and before it the machine's own npm, if it has one. */
export async function findNpms(t: Test): Promise<Npm[]> {
  const own = await findOnPath('npm');
  const npms = own === undefined ? [] : [await describe(t, [own], 'the machine’s npm')];
  return [...npms, await describe(t, [process.execPath, NPM_12], 'npm')];
}

/** Path of a program of that name outside node_modules, or undefined. */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const path of machinePath().map((folder) => join(folder, name))) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}

async function describe(t: Test, program: Program, name: string): Promise<Npm> {
  const home = await temporaryFolder(t);
  const { stdout } = await runProgram(program, ['--version'], { cwd: home, env: freshEnvironment(home) });
  return { label: `${name} ${stdout.trim()}`, program };
}
