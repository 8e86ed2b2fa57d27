// Owns measuring memory: how much workerd grows during a publish of a small and of a large course, in a new process each.
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loginPath } from '@progy/protocol/wire/urls.ts';
import { type RunningRegistry, startRegistry } from '../../fixtures/start-registry.ts';

const CLI = fileURLToPath(new URL('../../cli/progy.js', import.meta.url));
const MB = 1024 * 1024;
const SIZES_MB = [25, 95];

const folder = await mkdtemp(join(tmpdir(), 'progy-memory-'));
try {
  const growth: number[] = [];
  for (const size of SIZES_MB) growth.push(await measure(size));
  const [small = 1, large = 1] = growth;
  console.log(`ratio ${(large / small).toFixed(2)} (at most 1.5), ${large.toFixed(0)} MB (under 300)`);
  process.exitCode = large / small <= 1.5 && large < 300 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
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

/** The workerd that a registry process started. */
async function workerdOf(parent: number): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [, command, parentOf] = /\((.*)\) \S (\d+)/.exec(stat) ?? [];
    if (command === 'workerd' && Number(parentOf) === parent) return Number(name);
  }
  throw new Error(`process ${parent} has no workerd`);
}

async function residentMb(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
