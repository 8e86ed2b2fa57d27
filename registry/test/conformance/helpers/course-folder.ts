// Owns the course that authors publish in these tests.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Ended } from '../../clients/helpers/run-program.ts';
import type { Desk, Seat } from './desk.ts';

/** A course as its author has it, with the package.json that npm clients want. */
const FILES: Record<string, string> = {
  'README.md': '# A course\n',
  'SETUP.md': 'Install Node.\n',
  'content/01_start/01_hello/README.md': '# Hello\n\nMake it say hello.\n',
  'content/01_start/01_hello/exercise.js': 'console.log("");\n',
  'runner/check.js': 'process.exit(0);\n',
};

export interface Course {
  name: string;
  version: string;
  /** More files, or others. */
  files?: Record<string, string | Uint8Array>;
  /** Which of them have the exec bit. */
  executable?: readonly string[];
}

/** Makes the folder in which the author runs the client the folder of this course. */
export async function placeCourse(
  { classroom }: Seat,
  { name, version, files, executable = [] }: Course,
): Promise<void> {
  const manifest = JSON.stringify({ name, version });
  const all = { 'package.json': manifest, 'course.json': manifest, ...FILES, ...files };
  for (const [path, content] of Object.entries(all)) {
    const file = join(classroom, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, executable.includes(path) ? 0o755 : 0o644);
  }
}

/** Publishes the folder in which the author runs the client. */
export async function publishCourse(author: Seat, { dialect }: Desk): Promise<Ended> {
  if (dialect.beforePublish !== undefined) await author.use(dialect.beforePublish);
  return author.use(dialect.publish);
}
