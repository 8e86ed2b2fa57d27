// Owns `progy adopt`: a copy of a course that came another way becomes one that progy can update.
import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseCourse } from '@progy/protocol/course/course.ts';
import { COURSE_JSON } from '@progy/protocol/course/course-files.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { count } from '../terminal/format.ts';
import { type Adopted, adoptCourse } from '../update/adopt.ts';
import type { AdoptOptions } from '../usage/adopt.ts';

export async function run(options: AdoptOptions, context: Context): Promise<Adopted> {
  const folder = await folderOfCourse(context.cwd);
  const course = parseCourse(await readFile(join(folder, COURSE_JSON)));
  return adoptCourse({ folder, course, ...options }, context);
}

export const usesCache = true;

export const views: Views<Adopted> = {
  human({ name, version, work, repository }) {
    const differing = work.changed.length + work.removed.length;
    return [
      `This is ${name} ${version} now, and progy can update it`,
      `  wrote  progy-lock.json`,
      `  work   ${differing === 0 ? 'all files are as published' : `${count(differing, 'file')} not as published, and untouched`}`,
      `  git    ${REPOSITORIES[repository]}`,
      '',
      'Next: progy status',
    ].join('\n');
  },
  json: ({ name, version, work, repository }) => ({ name, version, work, repository }),
};

const REPOSITORIES: Readonly<Record<Adopted['repository'], string>> = {
  made: 'a repository of your own, with one commit',
  there: 'your repository stays as it is',
  'inside-another': 'no repository of its own: it is inside another, which stays as it is',
  'git-missing': 'no repository: git is not installed',
  failed: 'no repository: git could not make one',
};

/** The nearest folder above with a course.json. @throws {CliError} NOT_IN_A_COURSE. */
async function folderOfCourse(folder: string): Promise<string> {
  if ((await lstat(join(folder, COURSE_JSON)).catch(() => undefined))?.isFile()) return folder;
  const parent = dirname(folder);
  if (parent !== folder) return folderOfCourse(parent);
  throw new CliError('NOT_IN_A_COURSE', 'There is no course.json here, nor in any folder above');
}
