// Owns running programs in turns, each in a folder and home of its own, and taking their time.
import { spawn } from 'node:child_process';
import { access, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rotated } from '../measure/statistics.ts';
import type { Command, Program, Trial } from './programs.ts';
import type { Stand } from './stand.ts';

/** Milliseconds that one program may take. */
const PATIENCE = 180_000;
/** What git commits with. */
const GITCONFIG = '[user]\nname = Bench\nemail = bench@progy.invalid\n';

type Startable = Pick<Program, 'name' | 'home' | 'command'> & { readonly leaves?: string };

export interface Measured {
  /** Milliseconds of each round. */
  readonly times: Map<string, number[]>;
  /** HTTP requests of the last round. */
  readonly requests: Map<string, number>;
}

/** Lets each program run once in every round, each round beginning with another one; before them, once without counting. */
export async function measure(stand: Stand, programs: readonly Startable[], rounds: number): Promise<Measured> {
  const measured: Measured = { times: new Map(programs.map(({ name }) => [name, []])), requests: new Map() };
  const homes = new Homes(join(stand.folder, 'homes'));
  for (const program of programs) await runOnce(stand, program, homes);
  for (let round = 0; round < rounds; round++) {
    for (const program of rotated(programs, round)) {
      const before = stand.requests();
      measured.times.get(program.name)?.push(await runOnce(stand, program, homes));
      measured.requests.set(program.name, stand.requests() - before);
    }
  }
  await rm(stand.folder, { recursive: true, force: true, maxRetries: 3 });
  return measured;
}

async function runOnce(stand: Stand, program: Startable, homes: Homes): Promise<number> {
  const trial: Trial = { folder: join(stand.folder, 'trial'), home: await homes.of(program) };
  await mkdir(trial.folder, { recursive: true });
  // npm looks upward for a project.
  await writeFile(join(trial.folder, 'package.json'), '{"private":true}');
  const env = environment(trial.home, stand);
  const time = await timeOf(program.command(stand.places, trial), trial.folder, env);
  if (program.leaves !== undefined) await access(join(trial.folder, program.leaves));
  await rm(trial.folder, { recursive: true, force: true, maxRetries: 3 });
  return time;
}

/** Homes of programs, as each wants its own. */
class Homes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async of({ name, home }: Startable): Promise<string> {
    const folder = join(this.#folder, home === 'used' ? name : 'new');
    if (home !== 'used') await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.gitconfig'), GITCONFIG);
    if (home === 'compiled') await this.#copyCompiled(folder);
    return folder;
  }

  /** Of a home where init ran before, without what it had downloaded. The first runs have none to copy. */
  async #copyCompiled(folder: string): Promise<void> {
    const compiled = '.progy/cache/code';
    const from = join(this.#folder, 'init-warm', compiled);
    const exists = await access(from).then(
      () => true,
      () => false,
    );
    if (exists) await cp(from, join(folder, compiled), { recursive: true });
  }
}

function environment(home: string, { places, token }: Stand): NodeJS.ProcessEnv {
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  return { PATH: path, HOME: home, GIT_CONFIG_NOSYSTEM: '1', PROGY_REGISTRY: places.registry, PROGY_TOKEN: token };
}

/** @throws {Error} with what the program said, if it fails. */
async function timeOf([program, ...args]: Command, cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const begun = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], timeout: PATIENCE });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const time = performance.now() - begun;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${Buffer.concat(said)}`);
  return time;
}
