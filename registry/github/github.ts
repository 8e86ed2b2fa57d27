// Owns what the registry asks of GitHub, for a student who has let it in.
import type { RepositoryHost } from '@progy/protocol/course/portfolio-repository.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import { isNameTaken, toError, unavailable } from './refusals.ts';

const API = 'https://api.github.com';
const TIMEOUT_MS = 10_000;
/** GitHub's version of its answers. */
const API_VERSION = '2022-11-28';

const accountSchema = z.object({ login: z.string() });
const branchesSchema = z.array(z.unknown());
const repositorySchema = z.object({
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  clone_url: z.url(),
  html_url: z.url(),
});

export type GitHubRepository = z.infer<typeof repositorySchema>;

/** What an OAuth app at GitHub is known by. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Every method throws {RegistryError} GITHUB_NOT_LINKED, GITHUB_REFUSED, GITHUB_UNAVAILABLE, RATE_LIMITED. */
export interface GitHub {
  /** The name of the account. */
  login(): Promise<string>;
  /** A repository of the account, whatever is in it. */
  repository(login: string, name: string): Promise<GitHubRepository | undefined>;
  /** Its private repositories, for the course that they are about. */
  repositoriesOf(login: string, course: string): RepositoryHost<GitHubRepository>;
}

/** GitHub, for whoever the token is of. */
export function openGitHub(token: string): GitHub {
  const authorization = `Bearer ${token}`;
  const read = async <Schema extends z.ZodType>(path: string, schema: Schema) => {
    const answer = await ask({ method: 'GET', path, authorization });
    return answer.status === 404 || isElsewhere(answer) ? undefined : parse(schema, answer);
  };
  const repository = (login: string, name: string) => read(`/repos/${login}/${name}`, repositorySchema);
  return {
    login: async () => parse(accountSchema, await ask({ method: 'GET', path: '/user', authorization })).login,
    repository,
    repositoriesOf: (login, course) => ({
      async find(name) {
        const found = await repository(login, name);
        if (found === undefined || !found.private) return found && 'taken';
        const branches = await read(`/repos/${login}/${name}/branches?per_page=1`, branchesSchema);
        return branches?.length === 0 ? found : 'taken';
      },
      create: (name) => create(name, course, authorization),
    }),
  };
}

/** Without a first commit: the student's own history comes in its place. */
async function create(name: string, course: string, authorization: string): Promise<GitHubRepository | undefined> {
  const body = { name, description: `My work on ${course}`, private: true, auto_init: false };
  const answer = await ask({ method: 'POST', path: '/user/repos', authorization, body });
  if (isNameTaken(answer)) return undefined;
  // GitHub hides what a token has no permission for.
  if (answer.status === 404)
    throw new RegistryError('GITHUB_NOT_LINKED', 'GitHub does not let this registry make repositories for you');
  return parse(repositorySchema, answer);
}

/**
 * Withdraws a token at GitHub. One that GitHub does not know is withdrawn.
 * @throws {RegistryError} as all of {@link GitHub}.
 */
export async function withdrawToken({ clientId, clientSecret }: OAuthApp, token: string): Promise<void> {
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  const path = `/applications/${clientId}/token`;
  const answer = await ask({ method: 'DELETE', path, authorization, body: { access_token: token } });
  if (answer.status !== 204 && answer.status !== 404 && answer.status !== 422) throw toError(answer);
}

interface Asking {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly authorization: string;
  readonly body?: object;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined if it is not JSON. */
  readonly body: unknown;
}

/** @throws {RegistryError} GITHUB_UNAVAILABLE without an answer in time. */
async function ask({ method, path, authorization, body }: Asking): Promise<Answer> {
  try {
    const response = await fetch(API + path, {
      method,
      // A repository that was renamed is another one.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Accept: 'application/vnd.github+json',
        Authorization: authorization,
        'User-Agent': 'progy-registry',
        'X-GitHub-Api-Version': API_VERSION,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: jsonOrUndefined(await response.text()) };
  } catch (error) {
    throw unavailable(error);
  }
}

function isElsewhere({ status }: Answer): boolean {
  return status >= 300 && status < 400;
}

function parse<Schema extends z.ZodType>(schema: Schema, answer: Answer): z.output<Schema> {
  if (answer.status >= 400) throw toError(answer);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw unavailable(new Error(`GitHub answered ${answer.status} with something unexpected`));
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
