// Owns building progy as standalone programs: bun's runtime with the package's code inside it, for each system.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import type { Executable, Executables, SYSTEMS } from '@progy/protocol/client/executables.ts';
import { writePackage } from './client-package.ts';
import { ROOT } from './wrangler.ts';

const run = promisify(execFile);

/** Exact, so that a program can be built again. It comes from the public npm registry when it is first needed. */
const BUN = '1.4.5';
const BUN_FOLDER = join(ROOT, 'node_modules/.cache/progy-bun');
/** bun's names of the machines that build. */
const BUN_HOSTS: Readonly<Record<string, string>> = {
  'linux-x64': 'bun-linux-x64-baseline',
  'linux-arm64': 'bun-linux-aarch64',
  'darwin-x64': 'bun-darwin-x64-baseline',
  'darwin-arm64': 'bun-darwin-aarch64',
};

export type System = (typeof SYSTEMS)[number];

/** bun's names of the systems. `baseline` runs on the old processors that schools have, which lack AVX2. */
const TARGETS: Readonly<Record<System, string>> = {
  'linux-x64': 'bun-linux-x64-baseline',
  'linux-arm64': 'bun-linux-arm64',
  'darwin-arm64': 'bun-darwin-arm64',
  'darwin-x64': 'bun-darwin-x64-baseline',
  'windows-x64': 'bun-windows-x64-baseline',
};

/** What to build. */
export interface Wanted {
  /** Of the registry that the programs ask unless they are told another. */
  readonly origin: string;
  readonly systems: readonly System[];
}

/**
 * Builds programs into a folder, each as a gzip file, with their checksums in SHA256SUMS.
 * @returns the list of them, in the order of the systems, as the registry will answer it.
 * @throws {Error} on Windows, where bun must build elsewhere.
 */
export async function buildExecutables(folder: string, { origin, systems }: Wanted): Promise<Executables> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const bun = await installBun();
  const code = join(folder, 'package');
  await writePackage(code, origin);
  const { version } = JSON.parse(await readFile(join(code, 'package.json'), 'utf8'));
  const built: Executable[] = [];
  for (const system of systems) {
    const program = join(folder, `progy-${system}`);
    await compile(bun, join(code, 'dist/main.cjs'), system, program);
    built.push(await compress(program, folder, `progy-${version}-${system}.gz`, system));
  }
  await rm(code, { recursive: true });
  const sums = built.map(({ sha256, name }) => `${sha256}  ${name}\n`);
  await writeFile(join(folder, 'SHA256SUMS'), sums.join(''));
  return { version, executables: built };
}

/** Path of bun's program. npm runs no install script, so the package of this system is taken, not the one called bun. */
async function installBun(): Promise<string> {
  const host = BUN_HOSTS[`${process.platform}-${process.arch}`];
  if (host === undefined)
    throw new Error(`bun cannot build on ${process.platform}-${process.arch}: use Linux or macOS`);
  const bun = join(BUN_FOLDER, 'node_modules/@oven', host, 'bin/bun');
  const isThere = await access(bun).then(
    () => true,
    () => false,
  );
  const options = ['--prefix', BUN_FOLDER, '--no-save', '--no-audit', '--no-fund'];
  if (!isThere) await run('npm', ['install', ...options, `@oven/${host}@${BUN}`], { cwd: ROOT });
  return bun;
}

/** bun adds `.exe` for Windows. Away from the repository, so that no settings of it count. */
async function compile(bun: string, entry: string, system: System, program: string): Promise<void> {
  const options = ['--compile', '--minify', `--target=${TARGETS[system]}`, '--outfile', program];
  await run(bun, ['build', ...options, entry], { cwd: join(program, '..') });
  if (system === 'windows-x64') await rename(`${program}.exe`, program);
}

async function compress(program: string, folder: string, name: string, system: System): Promise<Executable> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const path = join(folder, name);
  await pipeline(createReadStream(program), createGzip(), hashing, createWriteStream(path));
  await rm(program);
  return { name, system, size: (await stat(path)).size, sha256: hash.digest('hex') };
}
