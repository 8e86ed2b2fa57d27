// Owns the student of a test: a machine of their own with a class folder in it, as its instructor committed it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import { temporaryFolder } from './folders.ts';
import type { Npm } from './npm-programs.ts';
import { type Ended, freshEnvironment, type Program, type Reply, runProgram } from './run-program.ts';

const EXAMPLE = new URL('../../../../.npmrc.example', import.meta.url);
const EXAMPLE_HOST = 'localhost:8787';

export interface Student {
  npm: Npm;
  /** Holds `home` and `classroom`, and nothing else yet. */
  folder: string;
  /** The class folder: package.json and the .npmrc of .npmrc.example. Programs run there unless told otherwise. */
  classroom: string;
  env: NodeJS.ProcessEnv;
  /** Every request that would have gone to the public npm registry, as `METHOD path`. */
  askedPublicly: string[];
  run(program: Program, args: readonly string[], cwd?: string): Promise<Ended>;
  runNpm(args: readonly string[], more?: { cwd?: string; replies?: readonly Reply[] }): Promise<Ended>;
  /** Text of the .npmrc in their home, where npm keeps tokens. */
  readNpmrc(): Promise<string>;
  /** Does what the class's .npmrc says of private courses. */
  useToken(token: string): Promise<void>;
}

/** Sets up a machine on which nobody used that npm before. */
export async function newStudent(t: Test, npm: Npm, registry: string): Promise<Student> {
  const folder = await temporaryFolder(t);
  const [home, classroom] = [join(folder, 'home'), join(folder, 'classroom')];
  const [env, askedPublicly] = [freshEnvironment(home), [] as string[]];
  const npmrc = join(home, '.npmrc');
  await Promise.all([mkdir(home), makeClassroom(classroom, registry)]);
  // npm also looks for newer versions of itself there, now and then; that is not about the class.
  await writeFile(npmrc, `registry=${await publicRegistry(t, askedPublicly)}\nupdate-notifier=false\n`);
  return {
    npm,
    folder,
    classroom,
    env,
    askedPublicly,
    run: (program, args, cwd = classroom) => runProgram(program, args, { cwd, env }),
    runNpm: (args, more) => runProgram(npm.program, args, { cwd: classroom, env, ...more }),
    readNpmrc: () => readFile(npmrc, 'utf8'),
    useToken: async (token) => {
      env.PROGY_TOKEN = token;
      await uncommentToken(join(classroom, '.npmrc'));
    },
  };
}

async function makeClassroom(folder: string, registry: string): Promise<void> {
  const npmrc = (await readFile(EXAMPLE, 'utf8')).replaceAll(EXAMPLE_HOST, new URL(registry).host);
  await mkdir(folder);
  await writeFile(join(folder, '.npmrc'), npmrc);
  await writeFile(join(folder, 'package.json'), '{ "name": "classroom", "private": true }\n');
}

async function uncommentToken(npmrc: string): Promise<void> {
  const text = await readFile(npmrc, 'utf8');
  await writeFile(npmrc, text.replace(/^# (?=\/\/\S+:_authToken=\$\{PROGY_TOKEN\}$)/m, ''));
}

/** Stands where the public npm registry would be, so that no test leaves this machine: it has no package, and notes who asks. */
async function publicRegistry(t: Test, asked: string[]): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().once('end', () => response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
