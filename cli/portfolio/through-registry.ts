// Owns making a portfolio's repository through the registry, which the student lets into their account at GitHub.
import { setTimeout as delay } from 'node:timers/promises';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import {
  type EnsuredRepo,
  type EnsureRepoRequest,
  ensuredRepoSchema,
  withdrawnSchema,
} from '@progy/protocol/wire/accounts/portfolio.ts';
import { ENSURE_REPO_PATH, PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { checkSignedIn, type Registry } from '../registry/choice.ts';
import { createRegistryClient, type RegistryClient } from '../registry/client.ts';
import { openBrowser } from '../terminal/browser.ts';
import { type Place, repositoryIn, type Wanted } from './place.ts';

/** Between questions whether the student has been at GitHub. */
const PAUSE_SECONDS = 5;
/** As long as GitHub's page of a sign-in is good for. */
const PATIENCE_SECONDS = 600;

/**
 * A private repository of the student's on GitHub. Where a person is there, waits until they have let the registry in.
 * @throws {RegistryError} UNAUTHORIZED, GITHUB_NOT_LINKED, GITHUB_REFUSED, GITHUB_UNAVAILABLE, RATE_LIMITED;
 * {CliError} NOT_OFFERED, REMOTE_EXISTS, UNSAFE_ANSWER.
 */
export async function placeThroughRegistry(wanted: Wanted, registry: Registry, context: Context): Promise<Place> {
  checkSignedIn(registry);
  const client = createRegistryClient(registry, context.signal);
  const ensured = await ensureWithPerson(requestFor(wanted), client, registry, context);
  const { repoUrl, htmlUrl, created, pushToken } = ensured;
  checkAddress(ensured, wanted, registry);
  return {
    url: repoUrl,
    page: htmlUrl,
    created,
    token: pushToken,
    // It expires by itself too.
    leave: () => client.change('DELETE', ENSURE_REPO_PATH, withdrawnSchema).then(noted, ignored),
  };
}

function requestFor({ course, name, origin }: Wanted): EnsureRepoRequest {
  if (origin !== undefined) return { course: course.full, repo: repositoryIn(origin) };
  return { course: course.full, ...(name === undefined ? {} : { name }) };
}

async function ensureWithPerson(
  request: EnsureRepoRequest,
  client: RegistryClient,
  registry: Registry,
  context: Context,
): Promise<EnsuredRepo> {
  const ask = () =>
    client.change('POST', ENSURE_REPO_PATH, ensuredRepoSchema, request).catch((error) => {
      throw notOffered(error, registry);
    });
  try {
    return await context.talk.during('Asking for a repository on GitHub', ask);
  } catch (error) {
    if (!context.talk.watched || !isNotLinked(error)) throw error;
    showPage(registry, context);
    const pause = () => delay(PAUSE_SECONDS * 1000, undefined, { signal: context.signal });
    return context.talk.during('Waiting for you in the browser', () => untilLinked(ask, pause));
  }
}

/**
 * Asks again and again until the student has let the registry in.
 * @param pause waits some seconds.
 * @throws {RegistryError} GITHUB_NOT_LINKED after ten minutes; what else is answered.
 */
export async function untilLinked<Answer>(ask: () => Promise<Answer>, pause: () => Promise<unknown>): Promise<Answer> {
  for (let waited = 0; ; waited += PAUSE_SECONDS) {
    await pause();
    try {
      return await ask();
    } catch (error) {
      if (!isNotLinked(error) || waited >= PATIENCE_SECONDS) throw error;
    }
  }
}

function isNotLinked(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'GITHUB_NOT_LINKED';
}

function showPage(registry: Registry, context: Context): void {
  const page = new URL(PORTFOLIO_PAGE_PATH.slice(1), registry.url).href;
  context.talk.tell(`Let ${registry.label} make the repository, in a browser:\n\n  page  ${page}\n`);
  if (openBrowser(page, context)) context.talk.note('Your browser should open by itself.');
}

/** Registries without GitHub, and older ones, have no such address. */
function notOffered(error: unknown, { label }: Registry): unknown {
  if (!(error instanceof RegistryError) || error.code !== 'NOT_FOUND') return error;
  return new CliError('NOT_OFFERED', `${label} does not offer GitHub`);
}

/** The token goes to an encrypted place, and to the remote that is there. */
function checkAddress({ repoUrl }: EnsuredRepo, { origin }: Wanted, { label }: Registry): void {
  const { protocol, hostname, username, password } = new URL(repoUrl);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1');
  if (!isSafe || username + password !== '')
    throw new CliError('UNSAFE_ANSWER', `${label} names a repository that is not safe to push to: ${quote(repoUrl)}`);
  if (origin === undefined || origin === repoUrl) return;
  throw new CliError('REMOTE_EXISTS', `The remote origin is not ${quote(repoUrl)}, but ${quote(origin)}`);
}

function noted(): void {}

function ignored(error: unknown): void {
  if (!(error instanceof Error)) throw error;
}
