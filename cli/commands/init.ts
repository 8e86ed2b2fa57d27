// Owns `progy init`: a course from a registry becomes a folder and a repository of the student's own.
import { join, relative, resolve } from 'node:path';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { withTemporaryFolder } from '../course/temporary-folder.ts';
import { type UnpackedCourse, unpackCourse } from '../course/unpack.ts';
import { cacheFolder } from '../registry/cache.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { type CheckedSignature, checkSignature } from '../registry/signature.ts';
import { createCourseSource, type ResolvedCourse } from '../registry/source.ts';
import { parseCourseSpec } from '../registry/spec.ts';
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
import { checkTarget, moveIntoPlace } from '../student/target.ts';
import type { InitOptions } from '../usage/init.ts';
import { showStart } from '../views/init.ts';

export interface InitResult extends ResolvedCourse, UnpackedCourse {
  /** Absolute. */
  readonly path: string;
  /** As it is called from where the person stands; empty for that folder itself. */
  readonly shownPath: string;
  readonly tree: string;
  readonly registry: string;
  /** Undefined: the registry does not sign. */
  readonly signature: CheckedSignature | undefined;
  readonly git: Repository | NoRepository | undefined;
}

export async function run(options: InitOptions, context: Context): Promise<InitResult> {
  const { cwd, env, home, signal, talk } = context;
  const spec = parseCourseSpec(options.spec);
  const target = await checkTarget(resolve(cwd, options.dir ?? spec.name.slug));
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  const source = createCourseSource(registry, cacheFolder(process.platform, env, home), signal);
  const course = await talk.during(`Finding ${spec.name.full}`, () => source.resolve(spec));
  const note = showNotes(`${course.name}@${course.version}`, course);
  if (note !== undefined) talk.warn(note);
  const signature = await talk.during('Checking the signature', () => signatureOf(course, registry, context));
  if (options.git) await warnOfOuterRepository(target.existingParent, context);
  return withTemporaryFolder(target.existingParent, async (temporary) => {
    const tarball = join(temporary, 'course.tgz');
    const folder = join(temporary, 'course');
    await talk.during(`Getting ${course.name} ${course.version}`, () => source.download(course, tarball));
    const unpacked = await talk.during('Unpacking', () => unpackCourse(tarball, folder, course, signal));
    await writeProgyLock(folder, course, registry.url);
    const git = options.git ? await startPortfolio(folder, firstCommitMessage(course), context) : undefined;
    signal.throwIfAborted();
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

/** Not an error: most registries do not sign. */
async function signatureOf(
  course: ResolvedCourse,
  registry: Registry,
  { signal, talk }: Context,
): Promise<CheckedSignature | undefined> {
  const keys = await createRegistryClient(registry, signal).keys();
  const signature = await checkSignature(course, keys, registry.label);
  if (signature === undefined) talk.warn(`${registry.label} lists no keys, so nothing proves that it published this.`);
  return signature;
}

/** Not an error: people do keep courses inside a class repository. But two repositories in one place surprise. */
async function warnOfOuterRepository(folder: string, context: Context): Promise<void> {
  const outer = await repositoryAround(folder, context);
  if (outer === undefined) return;
  context.talk.warn(`This is inside the git repository ${outer}. The course gets a repository of its own in there.`);
}
