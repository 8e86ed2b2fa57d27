// Owns `progy init`: starting a course from a registry in the student's own folder and git repository.
import { Agent } from 'node:http';
import { dirname, resolve } from 'node:path';
import { type ErrorCode, RegistryError } from '@progy/protocol/errors.ts';
import { checkPinned, type PinnedCourse, pinnedAbove } from '../classroom/pinned-course.ts';
import { heedLockfile } from '../classroom/pinned-spec.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { readyAgent } from '../network/ready-agent.ts';
import type { PortfolioChoice } from '../portfolio/keep-portfolio.ts';
import type { PortfolioOutcome } from '../portfolio/with-init.ts';
import { cacheUseOf } from '../registry/cache.ts';
import { chooseRegistry, type Registry } from '../registry/choice.ts';
import { type CourseSpec, parseCourseSpec, tryParseCourseSpec } from '../registry/spec.ts';
import { isRepository } from '../student/repository.ts';
import type { CourseStart, NewCourse } from '../student/start-course.ts';
import type { InitOptions } from '../usage/init.ts';
import { portfolioOfStart, showStart } from '../views/init.ts';

const LOOPBACK = '127.0.0.1';

const QUESTION = 'Keep your work on GitHub too, in a private repository?';

export interface InitResult extends NewCourse {
  /** Characters that fit in a line. */
  readonly columns: number;
  /** Undefined: it is kept here alone, as was wanted. */
  readonly portfolio?: PortfolioOutcome;
}

export async function run(options: InitOptions, context: Context): Promise<InitResult> {
  const isWanted = options.github === true || options.remote !== undefined;
  if (isWanted) (await import('../portfolio/with-init.ts')).checkWanted(options, context);
  const started = { ...(await start(options, context)), columns: context.columns };
  const choice = isWanted ? options : await chosenAfterwards(started, options, context);
  if (choice === undefined) return started;
  const { keepStarted } = await import('../portfolio/with-init.ts');
  return { ...started, portfolio: await keepStarted(started.path, choice, context) };
}

/** Who has said nothing is asked once, where somebody is there, is signed in, and has something to push. */
async function chosenAfterwards(
  { git, name, version }: NewCourse,
  options: InitOptions,
  context: Context,
): Promise<PortfolioChoice | undefined> {
  const { talk } = context;
  if (options.yes || options.offline || !talk.watched || git === undefined || !isRepository(git)) return undefined;
  if (!(await isSignedIn(options, name, context))) return undefined;
  talk.note(`${name} ${version} is ready.`);
  const agreed = await talk.confirm(QUESTION).catch((error) => {
    if (error instanceof CliError && error.code === 'NO_TERMINAL') return false;
    throw error;
  });
  return agreed ? { yes: true } : undefined;
}

/** Without an account there is nobody for whom the registry could ask GitHub, and most students have none. */
async function isSignedIn({ registry, from }: InitOptions, name: string, context: Context): Promise<boolean> {
  if (from !== undefined) return false;
  const { scope } = parseCourseSpec(name).name;
  return (await chooseRegistry(context, registry, scope)).token !== undefined;
}

async function start(options: InitOptions, context: Context): Promise<NewCourse> {
  const spec = options.spec === undefined ? undefined : tryParseCourseSpec(options.spec);
  if (spec === undefined) return startMeant(options, 'INVALID_NAME', context);
  if (options.from !== undefined) return fromMirror(options, spec, context);
  try {
    return await fromRegistry(options, spec, context);
  } catch (error) {
    if (!isUnknown(error) || cacheUseOf(options) === 'only') throw error;
    return startMeant(options, 'PACKAGE_NOT_FOUND', context);
  }
}

/** Starts the course that somebody chooses of those that may have been meant. */
async function startMeant(options: InitOptions, code: ErrorCode, context: Context): Promise<NewCourse> {
  const { courseMeantBy } = await import('../suggestion/meant.ts');
  const { spec, registry = options.registry } = await courseMeantBy(options, code, context);
  const parsed = parseCourseSpec(spec);
  const chosen = { ...options, spec, registry };
  return options.from === undefined ? fromRegistry(chosen, parsed, context) : fromMirror(chosen, parsed, context);
}

function isUnknown(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'PACKAGE_NOT_FOUND';
}

async function fromRegistry(options: InitOptions, spec: CourseSpec, context: Context): Promise<NewCourse> {
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  const use = cacheUseOf(options);
  // It connects while the rest is loaded.
  const agent = use === 'only' ? undefined : await readyAgent(registry.url, context.env, context.networkPolicy);
  const { startCourse } = await import('../student/start-course.ts');
  const wanted = await heeding(options, spec, registry, context);
  return startCourse({ ...options, ...wanted, registry, agent, use }, context);
}

/** The mirror is served to this process alone, so that everything is checked just as if it came from its registry. */
async function fromMirror(options: InitOptions, spec: CourseSpec, context: Context): Promise<NewCourse> {
  const { from = '' } = options;
  if (options.registry !== undefined) throw new CliError('USAGE', '--from and --registry exclude each other');
  const { serveMirror } = await import('../classroom/mirror/serve-mirror.ts');
  const { port, mirror, close } = await serveMirror(resolve(context.cwd, from), 0, LOOPBACK);
  try {
    const registry = { url: `http://${LOOPBACK}:${port}/`, label: from, isDefault: false };
    const { startCourse } = await import('../student/start-course.ts');
    const wanted = await heeding(options, spec, registry, context);
    // An agent of our own: a proxy has no way to this computer.
    const means = { registry, agent: new Agent(), copyOf: mirror.registry };
    return await startCourse({ ...options, ...wanted, ...means }, context);
  } finally {
    await close();
  }
}

/** What to start, given the lockfiles around, or the one that was named. */
async function heeding(
  options: InitOptions,
  spec: CourseSpec,
  { label }: Registry,
  context: Context,
): Promise<Pick<CourseStart, 'spec' | 'check'>> {
  const { spec: wanted, pinned } = heedLockfile(spec, await pinnedFor(options, spec, context), context.talk);
  if (pinned !== undefined)
    return { spec: wanted, check: (course, source) => checkPinned(course, pinned, source, label) };
  if (options.lockfile === undefined) return { spec: wanted };
  throw new CliError('LOCKFILE_AMBIGUOUS', `${options.lockfile} pins another version than ${spec.wanted}`);
}

async function pinnedFor(
  { lockfile, dir }: InitOptions,
  { name, kind, wanted }: CourseSpec,
  context: Context,
): Promise<PinnedCourse | undefined> {
  const version = kind === 'version' ? wanted : undefined;
  if (lockfile === undefined) return pinnedAbove(name, dirname(resolve(context.cwd, dir ?? name.slug)), version);
  const { pinnedByGiven } = await import('../classroom/given-lockfile.ts');
  return pinnedByGiven(lockfile, name, context, version);
}

export const views: Views<InitResult> = {
  human: showStart,
  json: ({ name, version, path, resolved, integrity, tree, registry, signature, files, git, ...others }) => ({
    ...portfolioOfStart(others.portfolio),
    name,
    version,
    path,
    resolved,
    integrity,
    tree,
    registry,
    signature: signature ?? null,
    fileCount: files.length,
    ...(others.deprecated === undefined ? {} : { deprecated: others.deprecated }),
    ...(others.yanked === undefined ? {} : { yanked: others.yanked }),
    git: git !== undefined && isRepository(git) ? { commit: git.commit, branch: git.branch } : null,
    ...(git !== undefined && !isRepository(git) ? { gitProblem: git.problem } : {}),
  }),
  exitCode: ({ portfolio }) => (portfolio !== undefined && 'error' in portfolio ? 1 : 0),
};
