// Owns keeping a student's work in another place too: choosing one, making it the remote, and pushing main.
import { relative } from 'node:path';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { isRepositoryName } from '@progy/protocol/course/portfolio-repository.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { chooseLockedRegistry } from '../registry/choice.ts';
import { howToGetGit } from '../student/get-git.ts';
import { type Git, GitError, gitIn } from '../student/git.ts';
import type { StartedCourse } from '../student/started-course.ts';
import { shellWord } from '../terminal/format.ts';
import type { Place, Wanted, Way } from './place.ts';
import { BRANCH, PUSH_BY_HAND, pushMain } from './push.ts';
import { originOf, parseRemote, setOrigin } from './remote.ts';
import { ghIsReady, placeThroughGh } from './through-gh.ts';
import { placeThroughRegistry } from './through-registry.ts';

/** Where somebody wants it. */
export interface PortfolioChoice {
  readonly github?: boolean;
  readonly gh?: boolean;
  readonly remote?: string;
  readonly name?: string;
  /** Nothing is asked. */
  readonly yes?: boolean;
}

export interface KeptPortfolio {
  readonly way: Way;
  readonly url: string;
  /** The page for people, if there is one. */
  readonly page: string | undefined;
  readonly created: boolean;
  readonly branch: string;
  /** Hex id of the commit that is there now. */
  readonly commit: string;
  /** Files that were changed after the last commit, and so are not there. */
  readonly uncommitted: number;
}

/**
 * Pushes a student's main branch to a repository of their own elsewhere.
 * @throws {CliError} NO_REPOSITORY, REMOTE_EXISTS, REMOTE_INVALID, PUSH_FAILED, NOT_AGREED; what the chosen way throws. The
 * course stays as it is; after PUSH_FAILED it has the remote.
 */
export async function keepPortfolio(
  { folder, lock }: StartedCourse,
  choice: PortfolioChoice,
  context: Context,
): Promise<KeptPortfolio> {
  checkChoice(choice);
  const git = gitIn(folder, context.env, context.signal);
  const commit = await commitOfMain(git, folder, context);
  const wanted = { course: parsePackageName(lock.name), name: choice.name, origin: await originOf(git) };
  const way = wayIn(choice) ?? (await chooseWay(choice, wanted, context));
  const place = await placeFor(way, choice, { wanted, registry: lock.registry, context });
  try {
    await setOrigin(git, place.url);
    const push = { folder, url: place.url, token: place.token, next: nextAfterFailure(way, folder, context) };
    await context.talk.during(`Pushing to ${place.url}`, () => pushMain(push, context));
  } finally {
    await place.leave?.();
  }
  const uncommitted = await countUncommitted(git);
  return { way, url: place.url, page: place.page, created: place.created, branch: BRANCH, commit, uncommitted };
}

/** @throws {CliError} USAGE. */
export function checkChoice({ github, gh, remote, name }: PortfolioChoice): void {
  const ways = [github && '--github', gh && '--gh', remote !== undefined && '--remote'].filter((way) => way);
  if (ways.length > 1) throw new CliError('USAGE', `${ways.join(' and ')} exclude each other`);
  if (name !== undefined && !isRepositoryName(name))
    throw new CliError(
      'USAGE',
      `${quote(name)} is not a name for a repository`,
      'Use letters, digits, ".", "_" and "-".',
    );
}

function wayIn({ github, gh, remote }: PortfolioChoice): Way | undefined {
  if (remote !== undefined) return 'remote';
  if (gh) return 'gh';
  return github ? 'github' : undefined;
}

/** Where nothing is said: the remote that is there, or GitHub in the way that takes the least. */
async function chooseWay({ yes }: PortfolioChoice, { origin }: Wanted, context: Context): Promise<Way> {
  if (origin !== undefined) return 'origin';
  const { talk } = context;
  if (!yes && !talk.watched)
    throw new CliError('USAGE', 'Say where to keep it: --github, --gh or --remote', 'See: progy portfolio --help');
  const way = (await ghIsReady(context)) ? 'gh' : 'github';
  if (yes || (await talk.confirm('Make a private repository on GitHub, and push your work to it?'))) return way;
  throw new CliError('NOT_AGREED', 'Nothing was made', 'To keep it elsewhere: progy portfolio --remote <url>');
}

interface Setting {
  readonly wanted: Wanted;
  /** URL of the registry that the course is from. */
  readonly registry: string;
  readonly context: Context;
}

async function placeFor(way: Way, { remote = '' }: PortfolioChoice, setting: Setting): Promise<Place> {
  const { wanted, registry, context } = setting;
  if (way === 'remote') return { url: parseRemote(remote, context.cwd), created: false };
  if (way === 'gh') return context.talk.during('Asking gh', () => placeThroughGh(wanted, context));
  if (way === 'github')
    return placeThroughRegistry(wanted, await chooseLockedRegistry(context, undefined, registry), context);
  return { url: wanted.origin ?? '', created: false };
}

/**
 * The commit to push.
 * @throws {CliError} NO_REPOSITORY also for a course that merely lies inside another repository.
 */
async function commitOfMain(git: Git, folder: string, { env }: Context): Promise<string> {
  try {
    if ((await git.run('rev-parse', '--show-prefix')) === '')
      return await git.run('rev-parse', '--verify', '--quiet', `refs/heads/${BRANCH}^{commit}`);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.missing)
      throw new CliError('NO_REPOSITORY', 'git is not installed', `Get it with: ${howToGetGit(process.platform, env)}`);
  }
  throw new CliError('NO_REPOSITORY', `${folder} is not a git repository with a branch ${BRANCH}`);
}

async function countUncommitted(git: Git): Promise<number> {
  const changes = await git.run('status', '--porcelain');
  return changes === '' ? 0 : changes.split('\n').length;
}

function nextAfterFailure(way: Way, folder: string, { cwd }: Context): string {
  const shown = relative(cwd, folder);
  const enter = shown === '' ? '' : `cd ${shellWord(shown)} && `;
  if (way === 'github' || way === 'gh') return `${enter}progy portfolio --${way}`;
  return `${enter}${PUSH_BY_HAND}`;
}
