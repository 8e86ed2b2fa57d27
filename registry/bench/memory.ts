// Owns measuring memory: how much workerd grows during a publish of a small and of a large course, and while it serves a large packument, in a new process each.
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loginPath } from '@progy/protocol/wire/urls.ts';
import { type RunningRegistry, startRegistry } from '../../fixtures/start-registry.ts';
import { Loader } from './measure/load.ts';
import { residentMb, workerdOf } from './measure/resident.ts';
import { registryTarget } from './targets/registry.ts';
import { readScenarios, seeds } from './work/scenarios.ts';

const CLI = fileURLToPath(new URL('../../cli/progy.js', import.meta.url));
const MB = 1024 * 1024;
const SIZES_MB = [25, 95];
/** Seconds of load, and how often memory is read meanwhile. */
const READING = { seconds: 40, looks: 8 };
/** Limit for all of workerd, storage included, in MB. A copy of the packument for each answer takes more than twice as much. */
const READING_MB = 600;

const folder = await mkdtemp(join(tmpdir(), 'progy-memory-'));
try {
  const verdicts = [await measurePublishes(), await measureReads()];
  process.exitCode = verdicts.every(Boolean) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measurePublishes(): Promise<boolean> {
  const growth: number[] = [];
  for (const size of SIZES_MB) growth.push(await measure(size));
  const [small = 1, large = 1] = growth;
  console.log(`ratio ${(large / small).toFixed(2)} (at most 1.5), ${large.toFixed(0)} MB (under 300)`);
  return large / small <= 1.5 && large < 300;
}

/** Serves a packument of 280 KB to ten connections. Copies of it would pile up before they are collected. */
async function measureReads(): Promise<boolean> {
  const registry = await startRegistry();
  try {
    const looks = await residentWhileReading(registry);
    console.log(
      `workerd while it serves 280 KB: ${looks.map((mb) => mb.toFixed(0)).join(', ')} MB (under ${READING_MB})`,
    );
    return Math.max(...looks) < READING_MB;
  } finally {
    await registry.stop();
  }
}

/** Megabytes of workerd, at even intervals. */
async function residentWhileReading({ url, pid, stop }: RunningRegistry): Promise<number[]> {
  const scenarios = readScenarios({ quick: true }).filter(({ name }) => name === 'full-200');
  const target = await registryTarget({ name: 'ours', url, version: '', progyDoor: true, stop });
  await target.seed({ publishes: seeds(new Set(scenarios.map((scenario) => scenario.package))), reads: [] });
  const [reading] = await Promise.all(scenarios.map((scenario) => target.read(scenario)));
  if (reading === undefined) throw new Error('The packument is missing');
  const [loader, workerd, looks] = [new Loader(url, 10), await workerdOf(pid), [] as number[]];
  const answer = await loader.ask(reading);
  while (looks.length < READING.looks) {
    await loader.load(reading, answer, READING.seconds / READING.looks);
    looks.push(await residentMb(workerd, 'VmRSS'));
  }
  await loader.close();
  return looks;
}

/** Growth of workerd's resident set in MB while it receives, converts and serves one course. */
async function measure(size: number): Promise<number> {
  const course = await writeCourse(size);
  const registry = await startRegistry();
  try {
    const token = await signUp(registry);
    const workerd = await workerdOf(registry.pid);
    const before = await residentMb(workerd, 'VmRSS');
    await progy(['publish', '--json'], course, registry, token);
    const published = (await residentMb(workerd, 'VmHWM')) - before;
    await fetch(`${registry.url}/registry/resolve/diego/mb-${size}`).then((answer) => answer.json());
    await npmInstall(size, registry);
    await progy(['init', `@diego/mb-${size}`, `student-${size}`, '--no-git', '--json'], folder, registry, token);
    const handedOut = (await residentMb(workerd, 'VmHWM')) - before;
    console.log(
      `${size} MB: workerd ${before.toFixed(0)} MB, +${published.toFixed(0)} MB to publish, +${handedOut.toFixed(0)} MB after npm install and init`,
    );
    return handedOut;
  } finally {
    await registry.stop();
  }
}

/** A course of that many MB: four fifths random bytes in files of 1 MB, the rest text. */
async function writeCourse(size: number): Promise<string> {
  const course = join(folder, `mb-${size}`);
  const content = join(course, 'content/01_big/01_files');
  await mkdir(content, { recursive: true });
  await writeFile(join(course, 'course.json'), JSON.stringify({ name: `@diego/mb-${size}`, version: '1.0.0' }));
  for (let i = 0; i < size; i++) {
    const bytes = i % 5 === 0 ? Buffer.from(line(i).repeat(MB / 64)) : randomFillSync(Buffer.alloc(MB));
    await writeFile(join(content, `file-${i}.bin`), bytes);
  }
  return course;
}

function line(i: number): string {
  return `line of file ${i}, and what a learner may read there`.padEnd(63, '.').concat('\n');
}

async function signUp({ url }: RunningRegistry): Promise<string> {
  const body = JSON.stringify({ name: 'diego', password: 'only for this measurement' });
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url + loginPath('diego'), { method: 'PUT', headers, body });
  return ((await response.json()) as { token: string }).token;
}

function progy(args: string[], cwd: string, { url }: RunningRegistry, token: string): Promise<void> {
  return run(process.execPath, [CLI, ...args], cwd, { PROGY_REGISTRY: url, PROGY_TOKEN: token });
}

async function npmInstall(size: number, { url }: RunningRegistry): Promise<void> {
  const cwd = join(folder, `class-${size}`);
  await mkdir(cwd);
  await writeFile(join(cwd, 'package.json'), '{ "private": true }');
  await run('npm', ['install', `@diego/mb-${size}`, '--registry', url, '--no-fund'], cwd, {});
}

function run(program: string, args: string[], cwd: string, more: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...process.env, HOME: join(folder, 'home'), npm_config_cache: join(folder, 'npm-cache'), ...more };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ${args[0]} ended with ${code}`));
    });
  });
}
