// Owns a stand-in for GitHub with repositories: a real git host keeps them, and GitHub's description judges what is said.

import { PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import type { Test } from 'tap';
import type { GitHost } from '../../../fixtures/git-host.ts';
import { problemsOfAnswer, problemsOfRequest, type Sent, sampleOf } from './github-description.ts';
import type { Page, Visitor } from './visitor.ts';

/** What GitHub knows of a token. */
interface Token {
  /** Of the account. */
  readonly id: number;
  readonly login: string;
  readonly scopes: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface GitHubApi {
  /** `METHOD /path` of every request to the API. */
  readonly asked: string[];
  /** Where a request, or an answer, is not as GitHub describes it. */
  readonly problems: string[];
  /** Tokens that GitHub takes. */
  readonly tokens: Map<string, Token>;
  /** Names of repositories, `ana/rust`, and who sees them. */
  readonly repositories: Map<string, { readonly private: boolean }>;
  /** Answers requests to a path before GitHub does, unless it returns undefined. */
  intercept: (request: string) => Answer | 'silence' | undefined;
}

/** The name of every account that signs in. */
export const GITHUB_LOGIN = 'ana-gh';
/** Of the OAuth app. */
export const GITHUB_APP = { GITHUB_CLIENT_ID: 'Iv1.client', GITHUB_CLIENT_SECRET: 'secret-of-the-app' };
export const GITHUB_TOKEN = 'gho_pushes0123456789';

/**
 * Until the test ends, requests of the Worker to GitHub are answered here.
 * @param id of the account that signs in.
 */
export function standInForGitHubApi(t: Test, host: GitHost, id: number): GitHubApi {
  const api: GitHubApi = {
    asked: [],
    problems: [],
    tokens: new Map(),
    repositories: new Map(),
    intercept: () => undefined,
  };
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    if (url.hostname === 'github.com') return signIn(api, id, url);
    return url.hostname === 'api.github.com' ? serve(api, host, url, init as Request) : fetch(input, init);
  };
  t.teardown(() => {
    globalThis.fetch = fetch;
  });
  return api;
}

/** Lets the registry make repositories: goes to GitHub and back. */
export async function allow(browser: Visitor): Promise<Page> {
  const there = new URL((await browser.post(PORTFOLIO_PAGE_PATH, {})).location);
  const back = new URL(String(there.searchParams.get('redirect_uri')));
  return browser.get(`${back.pathname}?code=from-github&state=${there.searchParams.get('state')}`);
}

/** OAuth, which the description leaves out: whatever code comes back, the token has the scope that it asked for last. */
function signIn({ tokens }: GitHubApi, id: number, url: URL): Response {
  if (url.pathname !== '/login/oauth/access_token') throw new Error(`Nothing asks GitHub for ${url}`);
  tokens.set(GITHUB_TOKEN, { id, login: GITHUB_LOGIN, scopes: ['repo'] });
  return Response.json({ access_token: GITHUB_TOKEN, token_type: 'bearer', scope: 'read:user,repo,user:email' });
}

async function serve(api: GitHubApi, host: GitHost, url: URL, request: Request): Promise<Response> {
  const { method } = request;
  const text = await request.text();
  const sent: Sent = { method, url, body: text === '' ? undefined : JSON.parse(text) };
  api.asked.push(`${method} ${url.pathname}`);
  api.problems.push(...problemsOfRequest(sent), ...problemsOfHeaders(request));
  const intercepted = api.intercept(`${method} ${url.pathname}`);
  if (intercepted === 'silence') throw new Error('The connection was cut');
  const { status, body, headers } = intercepted ?? answerTo(api, host, sent, request.headers);
  if (intercepted === undefined) api.problems.push(...problemsOfAnswer(sent, status, body));
  if (body === undefined) return new Response(null, { status, headers });
  return Response.json(body, { status, headers });
}

/** GitHub refuses requests without a name of the program. */
function problemsOfHeaders({ headers, url }: Request): string[] {
  return headers.get('user-agent') ? [] : [`${url} comes without a User-Agent`];
}

function answerTo(api: GitHubApi, host: GitHost, sent: Sent, headers: Headers): Answer {
  const path = sent.url.pathname;
  if (sent.method === 'DELETE') return withdraw(api, sent, headers);
  const token = api.tokens.get((headers.get('authorization') ?? '').replace(/^Bearer /i, ''));
  if (token === undefined) return { status: 401, body: { message: 'Bad credentials' } };
  if (path === '/user')
    return {
      status: 200,
      body: { ...sampleOf('private-user'), login: token.login, id: token.id, email: `ana${token.id}@example.com` },
    };
  if (path === '/user/emails')
    return {
      status: 200,
      body: [{ email: `ana${token.id}@example.com`, primary: true, verified: true, visibility: null }],
    };
  if (!token.scopes.includes('repo')) return NOT_FOUND;
  return sent.method === 'POST' ? create(api, host, token.login, sent.body) : read(api, host, path);
}

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } };

function read({ repositories }: GitHubApi, host: GitHost, path: string): Answer {
  const [, , owner = '', name = '', branches] = path.split('/');
  const found = repositories.get(`${owner}/${name}`);
  if (found === undefined) return NOT_FOUND;
  if (branches === undefined) return { status: 200, body: repositoryOf('full-repository', host, owner, name, found) };
  const there = Object.entries(host.branches(`${owner}/${name}.git`));
  const body = there.map(([branch, sha]) => ({
    name: branch,
    commit: { sha, url: 'https://github.test/' },
    protected: false,
  }));
  return { status: 200, body };
}

function create({ repositories }: GitHubApi, host: GitHost, login: string, body: unknown): Answer {
  const { name, private: isPrivate, auto_init } = body as { name: string; private?: boolean; auto_init?: boolean };
  if (repositories.has(`${login}/${name}`)) {
    const errors = [
      { resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' },
    ];
    return {
      status: 422,
      body: { message: 'Repository creation failed.', documentation_url: 'https://docs.github.test', errors },
    };
  }
  if (auto_init) throw new Error('A repository with a first commit takes no other history');
  repositories.set(`${login}/${name}`, { private: isPrivate === true });
  host.create(`${login}/${name}.git`);
  return { status: 201, body: repositoryOf('full-repository', host, login, name, { private: isPrivate === true }) };
}

function repositoryOf(schema: string, host: GitHost, owner: string, name: string, fields: object) {
  return {
    ...sampleOf(schema),
    ...fields,
    name,
    full_name: `${owner}/${name}`,
    clone_url: `${host.url}/${owner}/${name}.git`,
    html_url: `https://github.com/${owner}/${name}`,
  };
}

/** The app withdraws a token with its own name and secret. */
function withdraw({ tokens }: GitHubApi, { body }: Sent, headers: Headers): Answer {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET } = GITHUB_APP;
  if (headers.get('authorization') !== `Basic ${btoa(`${GITHUB_CLIENT_ID}:${GITHUB_CLIENT_SECRET}`)}`)
    throw new Error('The app does not say who it is');
  tokens.delete((body as { access_token: string }).access_token);
  return { status: 204 };
}
