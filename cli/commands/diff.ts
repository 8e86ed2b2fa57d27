// Owns `progy diff`: a student's work against the course as it was published.
import { readFile } from 'node:fs/promises';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { openCourse } from '../student/open-course.ts';
import { entryIn } from '../student/transition/entry.ts';
import { placeOf } from '../student/transition/place.ts';
import { fold } from '../terminal/fold.ts';
import { type Line, line, type Style } from '../terminal/styled.ts';
import { compareWith } from '../update/comparison.ts';
import { type FileDiff, fileDiff } from '../update/file-diff.ts';
import { withLockedVersion } from '../update/pristine.ts';
import { selectPaths } from '../update/selected-files.ts';
import type { DiffOptions } from '../usage/diff.ts';

export interface DiffResult {
  readonly name: string;
  readonly version: string;
  readonly files: readonly FileDiff[];
  /** Characters that fit in a line. */
  readonly columns: number;
}

export async function run({ path, registry }: DiffOptions, context: Context): Promise<DiffResult> {
  const { folder, lock } = await openCourse(context);
  const place = await placeOf(folder, context);
  const files = await withLockedVersion(lock, registry, context, async (pristine) => {
    const { changed, removed, added } = await compareWith(pristine, place);
    const all = [...changed, ...removed, ...added].sort();
    const wanted = path === undefined ? all : await selectPaths(pristine, all, path, { folder, cwd: context.cwd });
    return Promise.all(
      wanted.map(async (each) => fileDiff(each, await contentAt(pristine.folder, each), await contentAt(folder, each))),
    );
  });
  const { name, version } = lock;
  return { name, version, files, columns: context.columns };
}

export const usesCache = true;

export const views: Views<DiffResult, readonly Line[]> = {
  human: ({ name, version, files, columns }) =>
    files.length === 0
      ? fold(`Nothing differs from ${name} ${version}`, columns).map((each) => line(each))
      : files.flatMap(({ text }) => text.split('\n').map((each) => line(each, ...styleOf(each)))),
  json: ({ name, version, files }) => ({
    name,
    version,
    files: files.map(({ path, state, text }) => ({ path, state, diff: text })),
  }),
};

/** As git colours a diff. */
function styleOf(text: string): Style[] {
  if (/^(?:---|\+\+\+) /.test(text)) return ['bold'];
  if (text.startsWith('@@')) return ['cyan'];
  if (text.startsWith('+')) return ['green'];
  return text.startsWith('-') ? ['red'] : [];
}

/** A link counts as the text of its target, as for git. */
async function contentAt(folder: string, path: string): Promise<Buffer | undefined> {
  const entry = await entryIn(folder, path);
  if (entry === null) return undefined;
  return entry.kind === 'file' ? readFile(entry.copy) : Buffer.from(entry.target);
}
