// Owns `progy init`: starting a course from a registry in the student's own folder and git repository.
import { relative, resolve } from 'node:path';
import { tryParseVersion } from '@progy/protocol/course/version.ts';
import type { PublicKey } from '@progy/protocol/wire/signature.ts';
import { tarballPath } from '@progy/protocol/wire/urls.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { beginDownload, type DownloadedCourse, downloadCourse } from '../course/download.ts';
import { checkEngine } from '../course/engines.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import type { UnpackedCourse } from '../course/unpack.ts';
import { exchangeKeptIn } from '../network/kept-exchange.ts';
import { cacheFolder } from '../registry/cache.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { type CheckedSignature, checkSignature } from '../registry/signature.ts';
import { type CourseSource, createCourseSource, type ResolvedCourse } from '../registry/source.ts';
import { type CourseSpec, parseCourseSpec } from '../registry/spec.ts';
import { showNotes } from '../registry/version-notes.ts';
import { writeProgyLock } from '../student/lock.ts';
import {
  firstCommitMessage,
  isRepository,
  type NoRepository,
  type Repository,
  repositoryAround,
  startPortfolio,
} from '../student/portfolio.ts';
import { checkTarget, moveIntoPlace, type Target } from '../student/target.ts';
import type { Talk } from '../terminal/talk.ts';
import type { InitOptions } from '../usage/init.ts';
import { showStart } from '../views/init.ts';

export interface InitResult extends ResolvedCourse, UnpackedCourse {
  /** Absolute. */
  readonly path: string;
  /** Path relative to the working folder; empty for that folder itself. */
  readonly shownPath: string;
  readonly tree: string;
  readonly registry: string;
  /** Undefined: the registry does not sign. */
  readonly signature: CheckedSignature | undefined;
  readonly git: Repository | NoRepository | undefined;
}

export async function run(options: InitOptions, context: Context): Promise<InitResult> {
  const { cwd } = context;
  const spec = parseCourseSpec(options.spec);
  const target = await checkTarget(resolve(cwd, options.dir ?? spec.name.slug));
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  return withTemporaryFolder(target.existingParent, async (temporary) => {
    const start = { spec, registry, temporary, context };
    const { course, signature, folder, ...unpacked } = await getCourse(start, () =>
      outerRepository(options, target, context),
    );
    await writeProgyLock(folder, course, registry.url);
    const git = options.git ? await startPortfolio(folder, firstCommitMessage(course), context) : undefined;
    context.signal.throwIfAborted();
    await moveIntoPlace(folder, target, cwd);
    const shownPath = relative(cwd, target.path);
    return { ...course, ...unpacked, path: target.path, shownPath, registry: registry.label, signature, git };
  });
}

export const views: Views<InitResult> = {
  human: showStart,
  json: ({ name, version, path, resolved, integrity, tree, registry, signature, files, git, deprecated, yanked }) => ({
    name,
    version,
    path,
    resolved,
    integrity,
    tree,
    registry,
    signature: signature ?? null,
    fileCount: files.length,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(yanked === undefined ? {} : { yanked }),
    git: git !== undefined && isRepository(git) ? { commit: git.commit, branch: git.branch } : null,
    ...(git !== undefined && !isRepository(git) ? { gitProblem: git.problem } : {}),
  }),
};

interface Start {
  readonly spec: CourseSpec;
  readonly registry: Registry;
  /** Folder in which to create the course's. */
  readonly temporary: string;
  readonly context: Context;
}

interface CheckedCourse extends DownloadedCourse {
  readonly course: ResolvedCourse;
  readonly signature: CheckedSignature | undefined;
}

/** Downloads a course and checks it. Requests run in parallel where possible; messages still appear in a fixed order. */
async function getCourse(start: Start, findOuterRepository: () => Promise<string | undefined>): Promise<CheckedCourse> {
  const { spec, registry, temporary, context } = start;
  const { signal, talk } = context;
  const open = (ending: AbortSignal) => createCourseSource(registry, cacheOf(context), ending);
  const early = beginEarly(start, open);
  const keys = started(createRegistryClient(registry, signal, exchangeKeptIn(cacheOf(context))).keys());
  const outer = started(findOuterRepository());
  try {
    const source = open(signal);
    const course = await talk.during(`Finding ${spec.name.full}`, () => source.resolve(spec));
    checkEngine(course, registry.label, context);
    warnOfNotes(course, talk);
    const signature = await talk.during('Checking the signature', () => signatureOf(course, keys, registry, talk));
    warnOfOuterRepository(await outer, talk);
    const downloaded = await talk.during(`Getting ${course.name} ${course.version}`, async () => {
      return (await early?.take(course)) ?? (await downloadCourse(source, course, { temporary, signal }));
    });
    return { course, signature, ...downloaded };
  } finally {
    // Nothing of ours writes any more once the command has ended.
    await Promise.allSettled([early?.stop(), keys, outer]);
  }
}

/** Only an exact version has an address that is known without asking the registry. */
function beginEarly({ spec, registry, temporary, context }: Start, open: (signal: AbortSignal) => CourseSource) {
  const version = spec.kind === 'version' ? tryParseVersion(spec.wanted) : undefined;
  if (version === undefined) return undefined;
  const resolved = new URL(tarballPath(spec.name, version).slice(1), registry.url).href;
  return beginDownload(open, { name: spec.name.full, resolved }, version, { temporary, signal: context.signal });
}

/** Work that is awaited later, or never if something else fails first. */
function started<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

function cacheOf({ env, home }: Context): string {
  return cacheFolder(process.platform, env, home);
}

function warnOfNotes(course: ResolvedCourse, talk: Talk): void {
  const note = showNotes(`${course.name}@${course.version}`, course);
  if (note !== undefined) talk.warn(note);
}

/** A missing signature is not an error: most registries do not sign. */
async function signatureOf(
  course: ResolvedCourse,
  keys: Promise<PublicKey[]>,
  { label }: Registry,
  talk: Talk,
): Promise<CheckedSignature | undefined> {
  const signature = await checkSignature(course, await keys, label);
  if (signature === undefined) talk.warn(`${label} lists no keys, so nothing proves that it published this.`);
  return signature;
}

async function outerRepository({ git }: InitOptions, target: Target, context: Context): Promise<string | undefined> {
  return git ? repositoryAround(target.existingParent, context) : undefined;
}

/** Not an error: people do keep courses inside a class repository. But nested repositories surprise people. */
function warnOfOuterRepository(outer: string | undefined, talk: Talk): void {
  if (outer === undefined) return;
  talk.warn(`This is inside the git repository ${outer}. The course gets a repository of its own in there.`);
}
