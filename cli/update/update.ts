// Owns an update of a course: the new version merged into the student's work, prepared aside and then put in place.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import { compareVersions } from '@progy/protocol/course/version.ts';
import type { VersionNotes } from '@progy/protocol/wire/packument.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { changelogBetween } from '../course/changelog.ts';
import { checkEngine } from '../course/engines.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import { PROGRESS_FILE, progressWithIds } from '../exercises/progress.ts';
import { exchangeKeptIn } from '../network/kept-exchange.ts';
import { openCache } from '../registry/cache.ts';
import { chooseRegistry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import { signatureOf } from '../student/get-course.ts';
import { lockOf, lockText, type ProgyLock } from '../student/lock.ts';
import type { StartedCourse } from '../student/started-course.ts';
import { entryIn } from '../student/transition/entry.ts';
import { perform, type Step } from '../student/transition/perform.ts';
import type { FoundPlace } from '../student/transition/place.ts';
import { Draft, type Transition } from '../student/transition/store.ts';
import { type ExerciseChanges, exerciseChanges } from './merge/exercise-moves.ts';
import type { Merged } from './merge/merged.ts';
import { mergeWithoutGit } from './merge/without-git.ts';
import { lockedVersion, type Origin, originOf, type Pristine, versionOf } from './pristine.ts';
import { checkRepository, draftInRepository, type InRepository, type OwnFiles } from './repository-update.ts';

/** How an update is asked for. */
export interface Updating {
  /** A version, range or tag; the latest by default. */
  readonly to?: string;
  readonly registry?: string;
  /** Only to see what would happen. */
  readonly dryRun?: boolean;
  /** Commit uncommitted work without asking. */
  readonly yes?: boolean;
  readonly step?: Step;
}

/** What an update did, or would do. */
export interface Update {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly state: 'up-to-date' | 'planned' | 'updated' | 'conflicts';
  /** What the publisher says about the version that the student had. */
  readonly oldNotes: VersionNotes;
  readonly newNotes: VersionNotes;
  /** Undefined if up to date. */
  readonly change?: CourseChange;
}

export interface CourseChange extends Pick<Merged, 'conflicts' | 'keptBoth'> {
  readonly exercises: ExerciseChanges;
  readonly changelog: string | undefined;
  /** Files of the student's folder that change, the lock aside. */
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'changed' | 'removed' }[];
  /** Paths with work that was not committed before, and is now. */
  readonly uncommitted: readonly string[];
  /** Hex id of the update's commit; undefined without a repository, with conflicts and if it was only planned. */
  readonly commit: string | undefined;
  readonly withoutGit: FoundPlace['withoutGit'];
}

/**
 * Updates a course. Until everything is prepared, nothing of the student's is touched; then it happens whole or not at all.
 * @throws {CliError} MERGE_UNDER_WAY, NOT_AGREED, OTHER_PROGY_NEEDED, CHANGED_MEANWHILE …; what the registry's source throws.
 */
export async function updateCourse(
  course: StartedCourse,
  place: FoundPlace,
  updating: Updating,
  context: Context,
): Promise<Update> {
  const { lock } = course;
  await checkRepository(place);
  const origin = await originOf(lock, updating.registry, context);
  const next = await context.talk.during(`Looking for a new version of ${lock.name}`, () =>
    findNext(lock, updating.to, origin),
  );
  const oldNotes = await notesOn(lock, next, origin);
  const { name, version: from } = lock;
  const found = { name, from, to: next.version, oldNotes, newNotes: notesIn(next) };
  if (isUpToDate(lock, next, updating)) return { ...found, to: from, state: 'up-to-date' };
  // Not from the lock's registry: whoever made the lock chose that one.
  checkEngine(next, (await chooseRegistry(context, updating.registry)).label, context);
  await checkOrigin(next, origin, context);
  await mkdir(place.store, { recursive: true });
  return withTemporaryFolder(place.store, async (temporary) => {
    const prepared = { course, place, origin, next, temporary, updating, context };
    const { change, transition } = await prepare(prepared);
    if (transition === undefined) return { ...found, state: 'planned', change };
    await perform(place, transition, updating.step);
    return { ...found, state: change.conflicts.length > 0 ? 'conflicts' : 'updated', change };
  });
}

/** All that preparing needs. */
interface Preparation {
  readonly course: StartedCourse;
  readonly place: FoundPlace;
  readonly origin: Origin;
  readonly next: ResolvedCourse;
  readonly temporary: string;
  readonly updating: Updating;
  readonly context: Context;
}

async function prepare(
  preparation: Preparation,
): Promise<{ change: CourseChange; transition: Transition | undefined }> {
  const { course, place, origin, next, temporary, context } = preparation;
  const base = await lockedVersion(course.lock, origin, temporary, context);
  const fresh = await versionOf(next, origin, temporary, context);
  const exercises = await exerciseChanges(base.folder, fresh.folder);
  const changelog = await changelogBetween(fresh.folder, base.version, fresh.version);
  const own = await ownFiles(preparation, exercises.ids);
  const drafted = await draft(preparation, { base, next: fresh, renamed: exercises.renamed }, own);
  const { merged, uncommitted, commit, transition } = drafted;
  const files = await filesOf(place.folder, merged.files);
  const { conflicts, keptBoth } = merged;
  const change = {
    exercises,
    changelog,
    files,
    conflicts,
    keptBoth,
    uncommitted,
    commit,
    withoutGit: place.withoutGit,
  };
  context.signal.throwIfAborted();
  return { change, transition };
}

interface Sides {
  readonly base: Pristine;
  readonly next: Pristine;
  readonly renamed: ExerciseChanges['renamed'];
}

async function draft(
  { course, place, next, temporary, updating, context }: Preparation,
  sides: Sides,
  own: OwnFiles,
): Promise<InRepository> {
  const { lock, folder } = course;
  const label = `Update ${lock.name} ${lock.version} → ${next.version}`;
  const { dryRun = false, yes = false } = updating;
  if (place.plumbing !== undefined) {
    return draftInRepository({ ...place, plumbing: place.plumbing }, sides, {
      label,
      own,
      temporary,
      dryRun,
      yes,
      talk: context.talk,
    });
  }
  const merged = await mergeWithoutGit(folder, sides, temporary);
  const nothing = { merged, uncommitted: [], commit: undefined };
  if (dryRun) return { ...nothing, transition: undefined };
  const drafted = await Draft.of(place, label, [...merged.files, ...own]);
  return { ...nothing, transition: await drafted.finish() };
}

/** Files of progy's own that go with the update: the lock, and the progress if exercises are known by other ids now. */
async function ownFiles(preparation: Preparation, ids: ExerciseChanges['ids']): Promise<OwnFiles> {
  const { course, origin, next } = preparation;
  const lock = lockText({ ...course.lock, ...lockOf(next, origin.registry.url) });
  const progress = await progressWithIds(course.folder, ids);
  const texts = { [PROGY_LOCK]: lock, ...(progress === undefined ? {} : { [PROGRESS_FILE]: progress }) };
  const entries = Object.entries(texts).map(async ([path, text], index) => {
    const copy = join(preparation.temporary, `own-${index}`);
    await writeFile(copy, text);
    const old = await entryIn(course.folder, path);
    return [path, { kind: 'file', mode: old?.kind === 'file' ? old.mode : 0o644, copy }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Where all others are yanked, there is none but the student's own. */
async function findNext({ name, version }: ProgyLock, to: string | undefined, origin: Origin): Promise<ResolvedCourse> {
  return resolve(name, to ?? 'latest', origin).catch((error: unknown) => {
    const isOnlyYanked = to === undefined && error instanceof CliError && error.code === 'YANKED';
    if (!isOnlyYanked) throw error;
    return resolve(name, version, origin);
  });
}

async function resolve(name: string, wanted: string, { source }: Origin): Promise<ResolvedCourse> {
  return source.resolve(parseCourseSpec(`${name}@${wanted}`));
}

/** Nobody is led back to an older version unless they say so. */
function isUpToDate({ version }: ProgyLock, next: ResolvedCourse, { to }: Updating): boolean {
  const order = compareVersions(next.version, version);
  return order === 0 || (order < 0 && to === undefined);
}

/** What the publisher says about the student's version. It may be gone: then nothing. */
async function notesOn({ name, version }: ProgyLock, next: ResolvedCourse, origin: Origin): Promise<VersionNotes> {
  if (version === next.version) return notesIn(next);
  return resolve(name, version, origin).then(notesIn, () => ({}));
}

function notesIn({ deprecated, yanked }: ResolvedCourse): VersionNotes {
  return { ...(deprecated === undefined ? {} : { deprecated }), ...(yanked === undefined ? {} : { yanked }) };
}

/** Checks that the registry has signed the new version, if it signs. */
async function checkOrigin(next: ResolvedCourse, { registry }: Origin, context: Context): Promise<void> {
  const { signal, talk } = context;
  const exchange = exchangeKeptIn({ folder: await openCache(context) });
  await signatureOf(next, createRegistryClient(registry, signal, exchange).keys(), { registry, signal, talk });
}

async function filesOf(folder: string, files: Merged['files']): Promise<CourseChange['files']> {
  const changes = [...files].map(async ([path, entry]) => {
    const isThere = (await entryIn(folder, path)) !== null;
    return { path, change: entry === null ? 'removed' : isThere ? 'changed' : 'added' } as const;
  });
  return (await Promise.all(changes)).sort((one, other) => (one.path < other.path ? -1 : 1));
}
