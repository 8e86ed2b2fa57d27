// Owns getting a course for a student: requests in parallel, every check, and warnings in a fixed order.
import type { Agent } from 'node:http';
import { tryParseVersion } from '@progy/protocol/course/version.ts';
import type { PublicKey } from '@progy/protocol/wire/signature.ts';
import { tarballPath } from '@progy/protocol/wire/urls.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { beginDownload, type DownloadedCourse, downloadCourse, type Guess } from '../course/download.ts';
import { checkEngine } from '../course/engines.ts';
import { type CacheUse, exchangeKeptIn } from '../network/kept-exchange.ts';
import { openCache } from '../registry/cache.ts';
import type { Registry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import type { ResolvedCourse } from '../registry/resolved-course.ts';
import { type CheckedSignature, checkSignature } from '../registry/signature.ts';
import { type CourseSource, createCourseSource } from '../registry/source.ts';
import type { CourseSpec } from '../registry/spec.ts';
import { showNotes } from '../registry/version-notes.ts';
import type { Report } from '../terminal/progress.ts';
import type { Talk } from '../terminal/talk.ts';
import type { Keeper } from './portfolio.ts';

export interface Wish {
  readonly spec: CourseSpec;
  readonly registry: Registry;
  /** Undefined: pacote's own. */
  readonly agent: Agent | undefined;
  /** Undefined: the registry is asked as usual. */
  readonly use?: CacheUse;
  /** Folder in which to create the course's. */
  readonly temporary: string;
  /** Path of the repository that the course's folder will be inside, if any. */
  readonly outer: Promise<string | undefined>;
  /** Checks what the registry answered against what is known otherwise, and throws if they differ. */
  check?(course: ResolvedCourse, source: CourseSource): Promise<void>;
  /** Hears what comes, once it is known and before it is written to its place. */
  announce?(course: ResolvedCourse, signature: CheckedSignature | undefined): void;
  /** Begins a repository in a folder. */
  follow(folder: string): Keeper;
}

export interface CheckedCourse extends DownloadedCourse<Keeper> {
  readonly course: ResolvedCourse;
  /** Undefined: the registry does not sign. */
  readonly signature: CheckedSignature | undefined;
}

/**
 * Downloads a course and checks it. Requests run in parallel where possible; messages still appear in a fixed order.
 * Once this has ended, with a course or an error, nothing that it began still writes.
 */
export async function getCourse(wish: Wish, context: Context): Promise<CheckedCourse> {
  const { signal, talk } = context;
  const { spec, registry, agent, use = 'usual', temporary, follow } = wish;
  const cache = await openCache(context);
  let report: Report = () => {};
  const means = { cache, agent, use, report: (...bytes: Parameters<Report>) => report(...bytes) };
  const open = (ending: AbortSignal) => createCourseSource(registry, means, ending);
  const source = open(signal);
  const client = createRegistryClient(registry, signal, exchangeKeptIn({ folder: cache, agent, use }));
  const keys = started(client.keys());
  const resolving = started(source.resolve(spec));
  const outer = started(wish.outer);
  const early = beginDownload(guess(spec, registry, source), open, { temporary, signal, follow });
  try {
    const course = await talk.during(`Finding ${spec.name.full}`, () => resolving);
    checkEngine(course, registry.label, context);
    await wish.check?.(course, source);
    warnOfNotes(course, talk);
    const signature = await talk.during('Checking the signature', () =>
      signatureOf(course, keys, { registry, use, signal, talk }),
    );
    warnOfOuterRepository(await outer, talk);
    wish.announce?.(course, signature);
    const downloaded = await talk.during(`Getting ${course.name} ${course.version}`, async (heard) => {
      report = heard;
      return (await early.take(course)) ?? (await downloadCourse(source, course, { temporary, signal, follow }));
    });
    return { course, signature, ...downloaded };
  } finally {
    // Nothing of ours writes any more once the command has ended.
    await Promise.allSettled([early.stop(), resolving, keys, outer]);
  }
}

/** The address of an exact version is known without asking. For other specs, the cache may hold the last answer. */
async function guess(spec: CourseSpec, registry: Registry, source: CourseSource): Promise<Guess | undefined> {
  const { name, wanted, kind } = spec;
  const version = kind === 'version' ? tryParseVersion(wanted) : undefined;
  if (version !== undefined) {
    const resolved = new URL(tarballPath(name, version).slice(1), registry.url).href;
    return { address: { name: name.full, resolved }, version };
  }
  const kept = await source.recall(spec);
  if (kept === undefined) return undefined;
  const { resolved, integrity } = kept;
  return { address: { name: kept.name, resolved, integrity, isKept: true }, version: kept.version };
}

/** Work that is awaited later, or never if something else fails first. */
function started<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

function warnOfNotes(course: ResolvedCourse, talk: Talk): void {
  const note = showNotes(`${course.name}@${course.version}`, course);
  if (note !== undefined) talk.warn(note);
}

/** A missing signature is not an error: most registries do not sign. Kept keys may be older than the signature. */
export async function signatureOf(
  course: ResolvedCourse,
  keys: Promise<PublicKey[]>,
  { registry, use, signal, talk }: { registry: Registry; use?: CacheUse; signal: AbortSignal; talk: Talk },
): Promise<CheckedSignature | undefined> {
  const { label } = registry;
  const signature = await checkSignature(course, await orNone(keys, course), label).catch(async (error: unknown) => {
    if (use === 'only') throw error;
    return checkSignature(course, await createRegistryClient(registry, signal).keys(), label);
  });
  if (signature === undefined) talk.warn(`${label} lists no keys, so nothing proves that it published this.`);
  return signature;
}

/** Of a registry that does not sign, the cache holds no list of keys. */
async function orNone(keys: Promise<PublicKey[]>, { signatures }: ResolvedCourse): Promise<PublicKey[]> {
  return keys.catch((error: unknown) => {
    if (isOffline(error) && signatures.length === 0) return [];
    throw error;
  });
}

function isOffline(error: unknown): boolean {
  return error instanceof CliError && error.code === 'OFFLINE';
}

/** Not an error: people do keep courses inside a class repository. But nested repositories surprise people. */
function warnOfOuterRepository(outer: string | undefined, talk: Talk): void {
  if (outer === undefined) return;
  talk.warn(`This is inside the git repository ${outer}. The course gets a repository of its own in there.`);
}
