// Owns the machines on which a client is tried: a student's, with a class folder, and an author's, with a course folder.
import { appendFile, chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Test } from 'tap';
import { type Machine, newMachine, placeClassFiles, uncomment, uncommentToken } from '../../clients/helpers/machine.ts';
import { type Ended, type Program, type Reply, runProgram } from '../../clients/helpers/run-program.ts';
import type { RegistryClient } from '../../harness.ts';
import type { Client, Dialect } from './clients.ts';

/** Yarn 4 uses the registry of the package in its working folder. */
const COURSE = '@diego/any-course';

/** What a test of one client has at hand. */
export interface Desk {
  client: Client;
  dialect: Dialect;
  registry: RegistryClient;
  /** npm, for clients that delegate to it. */
  npm: Program;
  /** One of diego's tokens. */
  diego: string;
  /** Signs diego in once more. */
  newToken(): Promise<string>;
  /** Publishes a course of diego's in these versions, under an unused name, and returns the name. */
  publishNew(versions: readonly string[], course?: Record<string, unknown>): Promise<string>;
}

/** What a machine is set up from. */
type Setup = Pick<Desk, 'client' | 'registry' | 'npm'>;

export interface Seat extends Machine {
  /** Runs the client, in the class or course folder unless told otherwise. */
  use(args: readonly string[], more?: UseOptions): Promise<Ended>;
}

interface UseOptions {
  cwd?: string;
  replies?: readonly Reply[];
  terminal?: boolean;
}

/** A student’s machine: a class folder with the class files, and nothing installed. */
export async function studentAt(t: Test, desk: Setup): Promise<Seat> {
  return seatAt(t, desk, desk.client.files);
}

/** An author’s machine: signed in with that token, or not at all, in the folder of a package of diego's. */
export async function authorAt(t: Test, desk: Desk, token?: string): Promise<Seat> {
  const seat = await seatAt(t, desk, []);
  const settings = join(seat.folder, 'settings');
  await mkdir(settings);
  await placeClassFiles(settings, desk.registry.url, ['.npmrc', '.yarnrc.yml']);
  await uncomment(join(settings, '.yarnrc.yml'), 'npmPublishRegistry:');
  if (token !== undefined) {
    seat.env.PROGY_TOKEN = token;
    for (const file of ['.npmrc', '.yarnrc.yml']) await uncommentToken(join(settings, file));
  }
  // In the home: files in the course folder could be published.
  await appendFile(join(seat.home, '.npmrc'), await readFile(join(settings, '.npmrc')));
  await writeFile(join(seat.home, '.yarnrc.yml'), await readFile(join(settings, '.yarnrc.yml')));
  await rm(settings, { recursive: true });
  await writeFile(join(seat.classroom, 'package.json'), JSON.stringify({ name: COURSE, version: '1.0.0' }));
  return seat;
}

async function seatAt(t: Test, desk: Setup, files: Client['files']): Promise<Seat> {
  const machine = await newMachine(t, desk.registry.url, files);
  const { env, classroom } = machine;
  await placePrograms(machine, desk.npm);
  // Requests to any host except the two on this machine are recorded and refused.
  Object.assign(env, { HTTPS_PROXY: machine.publicRegistry, NO_PROXY: 'localhost,127.0.0.1' });
  env.YARN_NPM_REGISTRY_SERVER = machine.publicRegistry.replace('127.0.0.1', 'localhost');
  env.YARN_ENABLE_TELEMETRY = '0';
  // For root, Yarn 1 keeps settings and cache in /usr/local/share, unless it takes root for a fake.
  env.FAKEROOTKEY = 'fake';
  return {
    ...machine,
    use: (args, more) => runProgram(desk.client.program, args, { cwd: classroom, env, ...more }),
  };
}

/** The node that runs this test, and npm: pnpm 10 delegates commands that it lacks to the npm on the PATH. */
async function placePrograms({ folder, env }: Machine, npm: Program): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  await writeFile(join(bin, 'npm'), `#!/bin/sh\nexec ${npm.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  await chmod(join(bin, 'npm'), 0o755);
  env.PATH = [bin, dirname(process.execPath), env.PATH].join(delimiter);
}
