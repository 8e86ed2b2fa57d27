// Owns making a repository at GitHub for a student's work: whose, under which name, and how many.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import {
  type EnsuredRepository,
  ensureRepository,
  portfolioName,
} from '@progy/protocol/course/portfolio-repository.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import type { SignedInContext } from '../../context.ts';
import { countMade, noteMade } from '../../database/portfolio/grants.ts';
import { type GitHub, type GitHubRepository, openGitHub } from '../../github/github.ts';
import { checkMayManageTokens } from '../rights/actor.ts';
import { limitRate } from '../rights/rate-limits.ts';
import { forgetGrant, type OpenGrant, openGrant, withdrawGrant } from './grants.ts';

/** Repositories that are made for one account in a day: far more than a student starts courses. */
const MADE_A_DAY = 20;
const DAY_MS = 24 * 3_600_000;
const MADE = 'github repo create';

export interface Wish {
  /** `@scope/slug`. */
  readonly course: string;
  readonly name?: string;
  /** A repository of theirs to push to again. */
  readonly repo?: string;
}

export interface Portfolio extends EnsuredRepository<GitHubRepository>, OpenGrant {
  /** The account at GitHub. */
  readonly owner: string;
}

/**
 * A private repository of the student's, and the token to push to it.
 * @throws {RegistryError} NOT_FOUND where GitHub is not set up; FORBIDDEN for a token with limits; GITHUB_NOT_LINKED,
 * GITHUB_REFUSED, GITHUB_UNAVAILABLE, RATE_LIMITED.
 */
export async function ensureRepo(context: SignedInContext, wish: Wish): Promise<Portfolio> {
  checkOffered(context);
  // Whoever has the token that GitHub gave can do more than any limited token should.
  checkMayManageTokens(context.actor);
  await limitRate(context, 'portfolio', context.actor.username);
  const grant = await openGrant(context, context.actor.id);
  if (grant === undefined) throw notLinked(context);
  try {
    return { ...(await findOrMake(context, wish, openGitHub(grant.token))), ...grant };
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'GITHUB_NOT_LINKED') throw error;
    await forgetGrant(context, context.actor.id);
    throw notLinked(context, error);
  }
}

/**
 * Ends what a student let the registry do. False if there was nothing to end.
 * @throws {RegistryError} NOT_FOUND where GitHub is not set up.
 */
export async function endGrant(context: SignedInContext): Promise<boolean> {
  checkOffered(context);
  checkMayManageTokens(context.actor);
  return withdrawGrant(context, context.actor.id);
}

/** @throws {RegistryError} NOT_FOUND. */
export function checkOffered({ settings }: Pick<SignedInContext, 'settings'>): void {
  if (settings.github === undefined) throw new RegistryError('NOT_FOUND', 'This registry offers no GitHub');
}

async function findOrMake(context: SignedInContext, { course, name, repo }: Wish, github: GitHub) {
  const owner = await github.login();
  if (repo !== undefined) return { owner, repository: await ownRepository(github, owner, repo), created: false };
  await checkQuota(context);
  const base = name ?? portfolioName(parsePackageName(course));
  const ensured = await ensureRepository(base, github.repositoriesOf(owner, course));
  if (ensured === undefined) throw namesTaken(base);
  if (ensured.created) await noteMadeFor(context, course, ensured.repository);
  return { ...ensured, owner };
}

/** @throws {RegistryError} GITHUB_REFUSED. */
async function ownRepository(github: GitHub, owner: string, name: string): Promise<GitHubRepository> {
  const found = await github.repository(owner, name);
  if (found !== undefined) return found;
  throw new RegistryError('GITHUB_REFUSED', `${owner} has no repository ${name} on GitHub`, { owner, repo: name });
}

/** @throws {RegistryError} RATE_LIMITED. */
async function checkQuota({ db, actor, now }: SignedInContext): Promise<void> {
  const since = new Date(now().getTime() - DAY_MS);
  const made = await countMade(db, { action: MADE, subject: actor.username }, since, MADE_A_DAY);
  if (made < MADE_A_DAY) return;
  const message = `An account may have ${MADE_A_DAY} repositories made in a day`;
  throw new RegistryError('RATE_LIMITED', message, { retryAfter: 3_600 });
}

function noteMadeFor({ db, actor, now }: SignedInContext, course: string, repository: GitHubRepository): Promise<void> {
  const after = { repository: repository.full_name, course };
  return noteMade(db, { actor, action: MADE, subject: actor.username, after, at: now() });
}

function namesTaken(base: string): RegistryError {
  const next = 'Choose another name: progy portfolio --github --name my-rust';
  return new RegistryError('GITHUB_REFUSED', `${base}, and the same with a number, are taken on GitHub`, { next });
}

/** With the page to open, and why GitHub let the registry in no longer. */
function notLinked({ settings }: SignedInContext, cause?: RegistryError): RegistryError {
  const page = settings.origin + PORTFOLIO_PAGE_PATH;
  const next = `Open ${page} in a browser, then try again: progy portfolio --github`;
  return new RegistryError('GITHUB_NOT_LINKED', cause?.message, { page, next }, { cause });
}
