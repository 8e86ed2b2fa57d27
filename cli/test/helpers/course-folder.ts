// Owns folders of courses for tests, and running progy in them as a person would.
import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { Environment } from '../../context.ts';
import { main } from '../../main.ts';

const COURSES = fileURLToPath(new URL('../../../fixtures/courses/', import.meta.url));

export const LOCK = {
  lockfileVersion: 1,
  name: '@diego/javascript-quest',
  version: '0.3.0',
  resolved: 'https://r.example/@diego/javascript-quest/-/javascript-quest-0.3.0.tgz',
  integrity: 'sha512-AAAA',
  registry: 'https://r.example/',
};

/** A course as a student started it: files by path, and a lock. */
export async function startedCourse(t: Test, files: Record<string, string>, course: object = {}): Promise<string> {
  const folder = await realpath(t.testdir({}));
  const manifest = { name: LOCK.name, version: LOCK.version, ...course };
  const all = { 'course.json': JSON.stringify(manifest), 'progy-lock.json': JSON.stringify(LOCK), ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** A fixture course as a student started it. */
export async function startedFixture(t: Test, name: string): Promise<string> {
  const folder = await startedCourse(t, {});
  await cp(join(COURSES, name), folder, { recursive: true });
  return folder;
}

export class Captured extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY = false, columns = 80) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

interface Where {
  readonly cwd: string;
  readonly env?: Environment;
  readonly signal?: AbortSignal;
  /** Standard output is a terminal of that many columns. */
  readonly columns?: number;
}

/** Runs one command line. Home is a folder beside the course's own files that no test looks at. */
export async function progyIn({ cwd, env, signal, columns }: Where, ...argv: string[]) {
  const stdout = new Captured(columns !== undefined, columns);
  const stderr = new Captured();
  const code = await main(argv, {
    cwd,
    env: { PATH: process.env.PATH, HOME: join(cwd, '.home'), ...env },
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal: signal ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
