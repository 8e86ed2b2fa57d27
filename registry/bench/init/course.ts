// Owns the course that is started: as many files and bytes as a real one has, and the repository that it could come from.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const COURSE = { name: '@bench/start', version: '1.0.0' };

const MODULES = 13;
const EXERCISES = 10;
const ASSETS = 40;
const ASSET_BYTES = 165_000;
/** Of the repository. Each but the last held another picture in the place of one of today's. */
const COMMITS = 400;
const PAST_ASSET_BYTES = 97_000;

const LOREM =
  'A loop runs as long as its condition holds and each turn begins where the last one ended so read what it prints before you change a line of it'.split(
    ' ',
  );

/** All files of the course, by path: about 300, and 8.5 MB, of which pictures take most. */
export function courseFiles(): Map<string, Buffer> {
  const files = new Map<string, Buffer>([['course.json', Buffer.from(`${JSON.stringify(COURSE, null, 2)}\n`)]]);
  for (let module = 1; module <= MODULES; module++) {
    for (let exercise = 1; exercise <= EXERCISES; exercise++) {
      const folder = `content/${module}_module/${exercise}_exercise`;
      files.set(`${folder}/README.md`, Buffer.from(`# Exercise ${exercise}\n\n${prose(folder, 1_100)}\n`));
      files.set(`${folder}/start.js`, Buffer.from(`// ${prose(`${folder}.js`, 900)}\n`));
    }
  }
  for (let asset = 0; asset < ASSETS; asset++) files.set(assetPath(asset), noise(`asset ${asset}`, ASSET_BYTES));
  return files;
}

/** Writes the files of the course into a folder. */
export async function writeCourse(folder: string): Promise<void> {
  for (const [path, content] of courseFiles()) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Makes a bare repository whose last commit is the course, after as many others as a real one has. */
export async function makeRepository(folder: string): Promise<void> {
  await git(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', folder]);
  const importing = spawn('git', ['-C', folder, 'fast-import', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = endOf(importing);
  for (const part of history()) if (!importing.stdin.write(part)) await drained(importing.stdin);
  importing.stdin.end();
  await ended;
  await git(['-C', folder, 'repack', '-a', '-d', '--quiet']);
}

/** The commits, as `git fast-import` reads them. */
function* history(): Iterable<Buffer> {
  for (let commit = 1; commit < COMMITS; commit++) {
    yield commitHead(commit);
    yield fileAt(assetPath(commit % ASSETS), noise(`commit ${commit}`, PAST_ASSET_BYTES));
  }
  yield commitHead(COMMITS);
  for (const [path, content] of courseFiles()) yield fileAt(path, content);
}

function commitHead(number: number): Buffer {
  const message = `Change ${number}`;
  const time = 1_700_000_000 + number;
  const committer = `committer Bench <bench@progy.invalid> ${time} +0000`;
  return Buffer.from(`commit refs/heads/main\n${committer}\ndata ${message.length}\n${message}\n`);
}

function fileAt(path: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`M 100644 inline ${path}\ndata ${content.length}\n`), content, Buffer.from('\n')]);
}

const assetPath = (asset: number) => `content/assets/${asset}.png`;

/** Words in an order of their own: text that compresses as text does. */
function prose(seed: string, words: number): string {
  const order = noise(seed, words);
  return Array.from(order, (byte) => LOREM[byte % LOREM.length]).join(' ');
}

/** Bytes that do not compress, the same for the same seed. */
function noise(seed: string, bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(seed).digest();
}

async function git(args: readonly string[]): Promise<void> {
  await endOf(spawn('git', args, { stdio: ['ignore', 'ignore', 'inherit'] }));
}

function endOf(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`git ended with ${code}`))));
  });
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}
