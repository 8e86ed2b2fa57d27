// Owns `progy status`: a course, its version, what is waiting, and what the student has done to it.

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions } from '@progy/protocol/course/version.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import { notesOf } from '../registry/version-notes.ts';
import type { ProgyLock } from '../student/lock.ts';
import { openCourse } from '../student/open-course.ts';
import { type FoundPlace, placeOf } from '../student/transition/place.ts';
import { type Comparison, compareWith } from '../update/comparison.ts';
import { originOf, withLockedVersion } from '../update/pristine.ts';
import type { StatusOptions } from '../usage/status.ts';
import { type StatusResult, showStatus } from '../views/status.ts';

/** Nobody waits for long to hear that there is no news. */
const PATIENCE_MS = 3_000;

export async function run({ registry }: StatusOptions, context: Context): Promise<StatusResult> {
  const { folder, lock } = await openCourse(context);
  const place = await placeOf(folder, context);
  const hurried = { ...context, signal: AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]) };
  const news = newsOf(lock, registry, hurried);
  const work = await workIn(place, lock, registry, context);
  const { name, version } = lock;
  const isMerging = await isMergingIn(place);
  return { name, version, registry: lock.registry, ...(await news), work, withoutGit: place.withoutGit, isMerging };
}

export const usesCache = true;

export const views: Views<StatusResult> = {
  human: showStatus,
  json: ({ newVersion, work, withoutGit, ...rest }) => ({
    ...rest,
    newVersion: newVersion ?? null,
    work: work ?? null,
    withoutGit: withoutGit ?? null,
  }),
};

/** Quiet without a network. */
async function newsOf(
  lock: ProgyLock,
  registry: string | undefined,
  context: Context,
): Promise<Pick<StatusResult, 'newVersion' | 'notes'>> {
  const { name, version } = lock;
  const { source } = await originOf(lock, registry, context);
  const [newVersion, notes] = await Promise.all([
    source.resolve(parseCourseSpec(name)).then(
      (latest) => higher(latest.version, version),
      () => undefined,
    ),
    source.resolve(parseCourseSpec(`${name}@${version}`)).then(notesOf, () => ({})),
  ]);
  return { newVersion, notes };
}

function higher(latest: string, version: string): string | null {
  return compareVersions(latest, version) > 0 ? latest : null;
}

async function workIn(
  place: FoundPlace,
  lock: ProgyLock,
  registry: string | undefined,
  context: Context,
): Promise<Comparison | undefined> {
  const comparing = withLockedVersion(lock, registry, context, (pristine) => compareWith(pristine, place));
  return comparing.catch(() => {
    context.signal.throwIfAborted();
    return undefined;
  });
}

async function isMergingIn({ plumbing }: FoundPlace): Promise<boolean> {
  if (plumbing === undefined) return false;
  return lstat(join(plumbing.gitDir, 'MERGE_HEAD')).then(
    () => true,
    () => false,
  );
}
