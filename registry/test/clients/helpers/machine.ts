// Owns the machine of a test: a new one, with a class folder as the instructor committed it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import { temporaryFolder } from './folders.ts';
import { type Ended, freshEnvironment, type Program, runProgram } from './run-program.ts';

/** The files that set up a class, and their examples in this repository. */
const EXAMPLES = {
  '.npmrc': '.npmrc.example',
  '.yarnrc.yml': 'fixtures/class/.yarnrc.yml',
  'pnpm-workspace.yaml': 'fixtures/class/pnpm-workspace.yaml',
} as const;
const ROOT = new URL('../../../../', import.meta.url);
const EXAMPLE_HOST = 'localhost:8787';
export type ClassFile = keyof typeof EXAMPLES;

export interface Machine {
  /** Contains only `home` and `classroom` at first. */
  folder: string;
  home: string;
  /** The class folder: package.json and class files. Programs run there unless told otherwise. */
  classroom: string;
  env: NodeJS.ProcessEnv;
  /** URL of the stand-in for the public npm registry. */
  publicRegistry: string;
  /** Every request that would have left this machine, as `METHOD path`, or `CONNECT host:port` for what goes to https. */
  askedPublicly: string[];
  run(program: Program, args: readonly string[], cwd?: string): Promise<Ended>;
  /** Text of the .npmrc in the home, where npm keeps tokens. */
  readNpmrc(): Promise<string>;
}

/** Sets up a machine whose class uses the registry at that URL. */
export async function newMachine(t: Test, registry: string, files: readonly ClassFile[]): Promise<Machine> {
  const folder = await temporaryFolder(t);
  const [home, classroom] = [join(folder, 'home'), join(folder, 'classroom')];
  const [env, askedPublicly] = [freshEnvironment(home), [] as string[]];
  const npmrc = join(home, '.npmrc');
  const publicRegistry = await standIn(t, askedPublicly);
  await Promise.all([mkdir(home), mkdir(classroom)]);
  await writeFile(join(classroom, 'package.json'), '{ "name": "classroom", "private": true }\n');
  await placeClassFiles(classroom, registry, files);
  // npm sometimes looks for newer versions of itself there; that has nothing to do with the class.
  await writeFile(npmrc, `registry=${publicRegistry}\nupdate-notifier=false\n`);
  return {
    folder,
    home,
    classroom,
    env,
    publicRegistry,
    askedPublicly,
    run: (program, args, cwd = classroom) => runProgram(program, args, { cwd, env }),
    readNpmrc: () => readFile(npmrc, 'utf8'),
  };
}

/** Writes class files as the examples have them, for the registry at that URL. */
export async function placeClassFiles(folder: string, registry: string, files: readonly ClassFile[]): Promise<void> {
  for (const name of files) {
    const example = await readFile(new URL(EXAMPLES[name], ROOT), 'utf8');
    await writeFile(join(folder, name), example.replaceAll(EXAMPLE_HOST, new URL(registry).host));
  }
}

/** Takes the comment signs from lines with these words; their own comments say what such lines are for. */
export async function uncomment(file: string, words: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.map((line) => (line.includes(words) ? line.replace('# ', '') : line)).join('\n'));
}

/** Follows a class file's comment on private courses: takes the token from the environment. */
export async function uncommentToken(file: string): Promise<void> {
  await uncomment(file, 'PROGY_TOKEN}');
}

/** Stands in for the public npm registry, so that no test leaves this machine: it has no packages, and records requests. */
async function standIn(t: Test, asked: string[]): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().once('end', () => response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}'));
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined).end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  return `${await listenOnLoopback(t, server)}/`;
}

async function listenOnLoopback(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
