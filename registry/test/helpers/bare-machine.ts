// Owns machines with little on them: an empty home, and a PATH with only the programs that a test names.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { temporaryFolder } from '../clients/helpers/folders.ts';
import { findOnPath } from '../clients/helpers/npm-programs.ts';
import { type Ended, runProgram } from '../clients/helpers/run-program.ts';

const NPM = fileURLToPath(new URL('../../../node_modules/npm/bin/', import.meta.url));
/** What every system has. */
const SYSTEM = ['sh', 'env', 'mkdir', 'mktemp', 'mv', 'rm', 'chmod', 'tar', 'gzip', 'uname', 'ls', 'cat', 'sha256sum'];

export interface BareMachine {
  home: string;
  /** Folder of its programs: the whole PATH. */
  bin: string;
  env: NodeJS.ProcessEnv;
  run(program: string, ...args: string[]): Promise<Ended>;
  /** Runs a script as `curl … | sh` does. */
  pipeToShell(script: string): Promise<Ended>;
}

/** @param more programs beside those that every system has; `node` brings npm and npx. */
export async function bareMachine(t: Test, ...more: string[]): Promise<BareMachine> {
  const root = await temporaryFolder(t);
  const [home, bin] = [join(root, 'a home'), join(root, 'bin')];
  await Promise.all([mkdir(home), mkdir(bin)]);
  for (const name of [...SYSTEM, ...more]) await symlink(await pathOf(name), join(bin, name));
  if (more.includes('node')) {
    for (const name of ['npm', 'npx']) await symlink(join(NPM, `${name}-cli.js`), join(bin, name));
  }
  const env = { PATH: bin, HOME: home, npm_config_update_notifier: 'false' };
  const run = (program: string, ...args: string[]) => runProgram([join(bin, program)], args, { cwd: home, env });
  return { home, bin, env, run, pipeToShell: (script) => runScript(run, root, script) };
}

async function pathOf(name: string): Promise<string> {
  if (name === 'node') return process.execPath;
  const path = await findOnPath(name);
  if (path === undefined) throw new Error(`This machine has no ${name}`);
  return path;
}

async function runScript(run: BareMachine['run'], root: string, script: string): Promise<Ended> {
  const file = join(root, 'script.sh');
  await writeFile(file, script);
  return run('sh', '-c', 'cat "$1" | sh', 'sh', file);
}
