// Owns `progy reset`: files as they were published, with the student's own kept.
import { quote } from '@progy/protocol/quote.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { openCourse } from '../student/open-course.ts';
import { placeOf } from '../student/transition/place.ts';
import { count, shellWord } from '../terminal/format.ts';
import { compareWith } from '../update/comparison.ts';
import { agree } from '../update/consent.ts';
import { withLockedVersion } from '../update/pristine.ts';
import { checkRepository } from '../update/repository-update.ts';
import { resetFiles } from '../update/reset.ts';
import { selectFiles } from '../update/selected-files.ts';
import type { ResetOptions } from '../usage/reset.ts';

export interface ResetResult {
  readonly name: string;
  readonly version: string;
  /** Paths that were put back. */
  readonly files: readonly string[];
  /** Name of a commit with what the student had; undefined without a repository, and if nothing was put back. */
  readonly backup: string | undefined;
  /** The command that brings it back. */
  readonly restore: string | undefined;
}

export async function run(options: ResetOptions, context: Context): Promise<ResetResult> {
  const { folder, lock } = await openCourse(context);
  const place = await placeOf(folder, context);
  await checkRepository(place);
  const { name, version } = lock;
  return withLockedVersion(lock, options.registry, context, async (pristine) => {
    const wanted = new Set(await selectFiles(pristine, options.path, { folder, cwd: context.cwd }));
    const { changed, removed } = await compareWith(pristine, place);
    const files = [...changed, ...removed].filter((path) => wanted.has(path)).sort();
    if (files.length === 0) return { name, version, files, backup: undefined, restore: undefined };
    await agreeToReset(files, options, context);
    const backup = await resetFiles(place, files, pristine.folder, `Reset ${options.path}`);
    const restore =
      backup &&
      restoreCommand(
        backup,
        changed.filter((path) => wanted.has(path)),
      );
    return { name, version, files, backup, restore };
  });
}

export const usesCache = true;

export const views: Views<ResetResult> = {
  human({ name, version, files, restore }) {
    if (files.length === 0) return `It is as published in ${name} ${version} already`;
    return [
      `${count(files.length, 'file')} ${files.length === 1 ? 'is' : 'are'} as published in ${name} ${version}`,
      ...files.map((path) => `  ${quote(path)}`),
      '',
      `Next: to get back what you had, ${restore ?? 'progy update --undo'}`,
    ].join('\n');
  },
  json: ({ name, version, files, backup }) => ({ name, version, files, backup: backup ?? null }),
};

async function agreeToReset(files: readonly string[], { path, yes }: ResetOptions, { talk }: Context): Promise<void> {
  const shown = files
    .slice(0, 3)
    .map((each) => quote(each))
    .join(', ');
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  await agree(talk, yes === true, {
    problem: `This puts ${count(files.length, 'file')} back: ${shown}${more}`,
    question: 'Put them back? What you have is kept',
    next: `To put them back: progy reset ${shellWord(path)} --yes`,
  });
}

/** git understands it in any folder of the course. Files that the student had removed are removed by hand again. */
function restoreCommand(backup: string, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const from = paths.map((path) => shellWord(`:/${path}`)).join(' ');
  return `git restore --source=${backup} -- ${from}`;
}
