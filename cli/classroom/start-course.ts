// Owns starting a course from a class: beside node_modules, from exactly the bytes that the lockfile pins, without the network.
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hashing, toBase64 } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { tarballPath } from '@progy/protocol/wire/urls.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type DownloadedCourse, downloadCourse, type Place } from '../course/download.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import { unpackCourse } from '../course/unpack.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { createCourseSource } from '../registry/source.ts';
import { type ProgyLock, readProgyLock } from '../student/lock.ts';
import { type Keeper, Portfolio } from '../student/portfolio.ts';
import type { NoRepository, Repository } from '../student/repository.ts';
import { finishCourse } from '../student/start-course.ts';
import { checkTarget, moveIntoPlace, type Target } from '../student/target.ts';
import type { ClassFolder } from './class-folder.ts';
import { type InstalledCourse, packageFilesIn, readInstalled, tarballOf } from './installed-course.ts';
import { COMMANDS } from './managers.ts';
import { type PinnedCourse, shownLockfile } from './pinned-course.ts';

/** A course of a class that a student has, now or from before. */
export interface ClassCourse {
  readonly name: string;
  /** Version in the student's folder. */
  readonly version: string;
  /** Version that the class pins. */
  readonly pinned: string;
  /** Absolute. */
  readonly path: string;
  /** Relative to the working folder. */
  readonly shownPath: string;
  readonly lockfile: string;
  readonly state: 'started' | 'there';
  /** Undefined for one that was there. */
  readonly git?: Repository | NoRepository;
}

/** Starts a course in a folder beside node_modules, or finds it there. */
export async function startInClass(
  { folder }: ClassFolder,
  pinned: PinnedCourse,
  target: string,
  context: Context,
): Promise<ClassCourse> {
  const shown = {
    name: pinned.name.full,
    pinned: pinned.version,
    path: target,
    shownPath: relative(context.cwd, target),
  };
  const facts = { ...shown, lockfile: shownLockfile(pinned.lockfile) };
  const there = await startedAt(target);
  if (there?.name === pinned.name.full) return { ...facts, version: there.version, state: 'there' };
  const git = await startAt(folder, pinned, await checkTarget(target), context);
  return { ...facts, version: pinned.version, state: 'started', git };
}

async function startedAt(target: string): Promise<ProgyLock | undefined> {
  return readProgyLock(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

async function startAt(
  project: string,
  pinned: PinnedCourse,
  target: Target,
  context: Context,
): Promise<Repository | NoRepository | undefined> {
  const installed = await installedAsPinned(project, pinned);
  const registry = await chooseRegistry({ ...context, cwd: project }, undefined, pinned.name.scope);
  return withTemporaryFolder(target.existingParent, async (temporary) => {
    const follow = (folder: string) => new Portfolio(folder, context);
    const place = { temporary, signal: context.signal, follow };
    const exact = await exactCourse(installed, pinned, registry, { place, cache: npmCache(context) });
    const git = await finishCourse(exact, registry.url, context);
    await moveIntoPlace(exact.folder, target, context.cwd);
    return git;
  });
}

/** @throws {CliError} NOT_INSTALLED, also for another version than the lockfile's. */
async function installedAsPinned(project: string, pinned: PinnedCourse): Promise<InstalledCourse> {
  const { name, version } = pinned;
  const installed = await readInstalled(project, name.full).catch((cause) => {
    throw changed(pinned, cause);
  });
  if (installed === undefined) throw notInstalled(`${name.full} is not in node_modules`, pinned);
  const { name: listed, version: there } = installed.list;
  if (listed === name.full && there === version) return installed;
  throw notInstalled(`node_modules has another version of ${name.full} than the ${version} that is pinned`, pinned);
}

type Unpacked = DownloadedCourse<Keeper>;

/**
 * The course as the lockfile pins it: from node_modules, if the tarball made of that is the pinned one. Another deflate, such as
 * Bun's, makes other bytes of the same files; then the tarball comes from npm's cache, or the registry.
 * @throws {CliError} LOCKFILE_MISMATCH for lockfiles that no bytes are right for; NOT_INSTALLED for changed files.
 */
async function exactCourse(
  installed: InstalledCourse,
  pinned: PinnedCourse,
  registry: Registry,
  { place, cache }: { place: Place<Keeper>; cache: string },
): Promise<Unpacked & { course: ResolvedCourse }> {
  const { integrity, ...unpacked } = await unpackInstalled(installed, pinned, place);
  if (await isPinned(installed, pinned, integrity))
    return { ...unpacked, course: resolvedAs(pinned, integrity, registry) };
  await unpacked.follower.abandon();
  const [locked, other] = tarballsOf(pinned);
  if (other !== undefined) throw disagreement(pinned);
  if (locked === undefined) throw changed(pinned);
  const course = resolvedAs(pinned, locked, registry);
  const source = createCourseSource(registry, { cache }, place.signal);
  return { ...(await downloadCourse(source, course, place)), course };
}

async function unpackInstalled(
  installed: InstalledCourse,
  pinned: PinnedCourse,
  { temporary, signal, follow }: Place<Keeper>,
): Promise<Unpacked & { integrity: string }> {
  const folder = join(temporary, 'installed');
  await mkdir(folder);
  const follower = follow(folder);
  const hash = nodePlatform.createHash('sha512');
  const expected = { name: pinned.name.full, version: pinned.version };
  try {
    const tarball = hashing(tarballOf(installed), hash);
    const unpacked = await unpackCourse(tarball, folder, expected, { signal, copy: follower });
    return { ...unpacked, folder, follower, integrity: `sha512-${toBase64(hash.digest())}` };
  } catch (cause) {
    await follower.abandon();
    signal.throwIfAborted();
    throw changed(pinned, cause);
  }
}

/** Whether every lockfile pins these bytes. */
async function isPinned(
  installed: InstalledCourse,
  { name, locks }: PinnedCourse,
  integrity: string,
): Promise<boolean> {
  for (const { integrity: locked } of locks) {
    const found = locked.kind === 'tarball' ? integrity : await yarnZipOf(name.full, installed);
    if (found !== locked.value) return false;
  }
  return true;
}

/** The integrity of every tarball that the lockfiles pin, each once. */
function tarballsOf({ locks }: PinnedCourse): Set<string> {
  const tarballs = locks.filter(({ integrity }) => integrity.kind === 'tarball');
  return new Set(tarballs.map(({ integrity }) => integrity.value));
}

async function yarnZipOf(name: string, installed: InstalledCourse): Promise<string> {
  const { yarnChecksum } = await import('./lockfiles/yarn-zip.ts');
  return yarnChecksum(name, packageFilesIn(installed));
}

function resolvedAs({ name, version, locks }: PinnedCourse, integrity: string, registry: Registry): ResolvedCourse {
  const usual = new URL(tarballPath(name, version).slice(1), registry.url).href;
  const resolved = locks.find((lock) => URL.canParse(lock.resolved ?? ''))?.resolved ?? usual;
  return { name: name.full, version, resolved, integrity, signatures: [], publishedAt: new Date(Number.NaN) };
}

/** npm says where its cache is when it runs a script. */
function npmCache({ env, home }: Context): string {
  return join(env.npm_config_cache || join(home, '.npm'), '_cacache');
}

function notInstalled(message: string, { locks }: PinnedCourse): CliError {
  return new CliError('NOT_INSTALLED', message, `Run: ${installCommand(locks)}`);
}

function changed({ name, locks }: PinnedCourse, cause?: unknown): CliError {
  const message = `The files of ${name.full} in node_modules are not the ones that were installed`;
  const next = `Keep what you changed there elsewhere, delete node_modules, then run: ${installCommand(locks)}`;
  return new CliError('NOT_INSTALLED', message, next, { cause });
}

function disagreement({ name, version }: PinnedCourse): CliError {
  const message = `The lockfiles of this class pin different bytes of ${name.full} ${version}`;
  const next = 'Tell your teacher: progy classroom verify shows which one is wrong.';
  return new CliError('LOCKFILE_MISMATCH', message, next);
}

function installCommand([lock]: PinnedCourse['locks']): string {
  return COMMANDS[lock?.manager ?? 'npm'].install;
}

/** The folder of a course beside node_modules. */
export function folderFor({ folder, courses }: ClassFolder, { name }: PinnedCourse): string {
  const isUnique = courses.filter((other) => other.name.slug === name.slug).length === 1;
  return join(folder, isUnique ? `my-${name.slug}` : `my-${name.scope}-${name.slug}`);
}
