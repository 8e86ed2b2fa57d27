// Owns the package managers that tests of classes run: npm of this repository, the others as the conformance suite gets them.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Manager } from '../../classroom/lockfiles/locked-course.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const GET_CLIENTS = join(ROOT, 'registry/test/conformance/helpers/installed-clients.ts');

/** The script of each below the folder of clients; bun is a program. */
const SCRIPTS: Record<Exclude<Manager, 'npm' | 'bun'>, string> = {
  pnpm: 'pnpm-12/bin/pnpm.mjs',
  yarn: 'yarn-4/bin/yarn.js',
  yarn1: 'yarn-1/bin/yarn.js',
};

/**
 * A PATH on which a package manager is called by its usual name, with Node, git and the shell, and nothing else of this
 * machine's.
 * @param folder where to put it.
 */
export async function pathWith(manager: Manager, folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await link(bin, 'node', `exec "${process.execPath}" "$@"`);
  if (manager === 'npm')
    await link(bin, 'npm', `exec "${process.execPath}" "${join(ROOT, 'node_modules/npm/bin/npm-cli.js')}" "$@"`);
  else if (manager === 'bun') await link(bin, 'bun', `exec "${await bunProgram()}" "$@"`);
  else
    await link(
      bin,
      manager === 'yarn1' ? 'yarn' : manager,
      `exec "${process.execPath}" "${await script(SCRIPTS[manager])}" "$@"`,
    );
  return `${bin}:/usr/bin:/bin`;
}

async function link(bin: string, name: string, line: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
  await chmod(join(bin, name), 0o755);
}

async function script(path: string): Promise<string> {
  return join(await clients(), path);
}

async function bunProgram(): Promise<string> {
  const [platform = ''] = await readdir(join(await clients(), '@oven'));
  return join(await clients(), '@oven', platform, 'bin', 'bun');
}

let folder: Promise<string> | undefined;

function clients(): Promise<string> {
  folder ??= getClients();
  return folder;
}

async function getClients(): Promise<string> {
  const { stdout } = await run(process.execPath, [GET_CLIENTS]);
  return stdout.trim();
}
