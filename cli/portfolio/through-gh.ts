// Owns making a portfolio's repository through the `gh` program, where the student is signed in to GitHub with it.
import { spawn } from 'node:child_process';
import { ensureRepository, portfolioName, type RepositoryHost } from '@progy/protocol/course/portfolio-repository.ts';
import { quote } from '@progy/protocol/quote.ts';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type Place, repositoryIn, type Wanted } from './place.ts';

const TIMEOUT_MS = 30_000;
const MAX_SHOWN = 200;
/** gh prints the document of a repository, some 10 kB. */
const MAX_OUTPUT = 1024 * 1024;

const repositorySchema = z.object({
  clone_url: z.url(),
  html_url: z.url(),
  private: z.boolean(),
  full_name: z.string(),
});
type GhRepository = z.infer<typeof repositorySchema>;
const branchesSchema = z.array(z.unknown());

/** gh ended with an error. Its sentence is short; the details are in GitHub's answer, which it prints too. */
class GhError extends Error {
  override readonly name = 'GhError';
  readonly answer: string;

  constructor(message: string, answer: string) {
    super(message);
    this.answer = answer;
  }
}

/**
 * Runs gh for the host that it is set to, and returns what it prints.
 * @throws {GhError} with its message; {CliError} GH_NOT_READY if there is none.
 */
type RunGh = (...args: string[]) => Promise<string>;

/** Whether gh is here, and signed in. */
export async function ghIsReady(context: Context): Promise<boolean> {
  return tokenOf(ghFor(context)).then(
    () => true,
    (error) => {
      if (error instanceof CliError) return false;
      throw error;
    },
  );
}

/**
 * A private repository of the student's on GitHub.
 * @throws {CliError} GH_NOT_READY, NAMES_TAKEN, REMOTE_EXISTS.
 */
export async function placeThroughGh(wanted: Wanted, context: Context): Promise<Place> {
  const gh = ghFor(context);
  try {
    // Only our git sees it: gh's own helper for git may not be set up.
    const token = await tokenOf(gh);
    const login = (await gh('api', 'user', '--jq', '.login')).trim();
    const { repository, created } = await repositoryFor(wanted, login, gh);
    return { url: repository.clone_url, page: repository.html_url, created, token };
  } catch (error) {
    throw error instanceof GhError ? notReady(`gh did not do it: ${quote(error.message, MAX_SHOWN)}`) : error;
  }
}

async function repositoryFor({ course, name, origin }: Wanted, login: string, gh: RunGh) {
  const host = hostOf(login, gh);
  if (origin !== undefined) return { repository: await ownRepository(origin, login, gh), created: false };
  const base = name ?? portfolioName(course);
  const ensured = await ensureRepository(base, host);
  if (ensured === undefined)
    throw new CliError('NAMES_TAKEN', `${base}, and the same with a number, are taken on GitHub`);
  return ensured;
}

function hostOf(login: string, gh: RunGh): RepositoryHost<GhRepository> {
  const path = (name: string) => `repos/${login}/${name}`;
  return {
    async find(name) {
      const found = await read(gh, path(name), repositorySchema);
      if (found === undefined) return undefined;
      const isTheirs = found.full_name.toLowerCase() === `${login}/${name}`.toLowerCase();
      if (!isTheirs || !found.private) return 'taken';
      const branches = await read(gh, `${path(name)}/branches?per_page=1`, branchesSchema);
      return branches?.length === 0 ? found : 'taken';
    },
    async create(name) {
      const fields = ['-f', `name=${name}`, '-F', 'private=true', '-F', 'auto_init=false'];
      try {
        return parse(repositorySchema, await gh('api', '--method', 'POST', 'user/repos', ...fields));
      } catch (error) {
        if (error instanceof GhError && /already exists/i.test(error.answer)) return undefined;
        throw error;
      }
    },
  };
}

/** @throws {CliError} REMOTE_EXISTS. */
async function ownRepository(origin: string, login: string, gh: RunGh): Promise<GhRepository> {
  const found = await read(gh, `repos/${login}/${repositoryIn(origin)}`, repositorySchema);
  if (found?.clone_url === origin) return found;
  throw new CliError('REMOTE_EXISTS', `The remote origin is no repository of yours on GitHub: ${quote(origin)}`);
}

/** A document of GitHub's API; undefined if there is none. */
async function read<Schema extends z.ZodType>(
  gh: RunGh,
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  try {
    return parse(schema, await gh('api', path));
  } catch (error) {
    if (error instanceof GhError && /HTTP 404/.test(error.message)) return undefined;
    throw error;
  }
}

/** @throws {CliError} GH_NOT_READY for what is no answer of GitHub's. */
function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw notReady('gh answered something unexpected', error);
  }
}

/** @throws {CliError} GH_NOT_READY. */
async function tokenOf(gh: RunGh): Promise<string> {
  const printed = await gh('auth', 'token').catch((error) => {
    if (!(error instanceof GhError)) throw error;
    throw new CliError('GH_NOT_READY', 'gh is not signed in to GitHub', 'Sign in with: gh auth login');
  });
  return printed.trim();
}

function notReady(message: string, cause?: unknown): CliError {
  return new CliError('GH_NOT_READY', message, undefined, { cause });
}

/** Started outside the folder of a course, which may contain a gh.exe. It asks nothing. */
function ghFor({ env, signal }: Context): RunGh {
  const quiet = { ...env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' };
  return (...args) => runGh(args, quiet, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
}

function runGh(args: string[], env: Context['env'], signal: AbortSignal): Promise<string> {
  const child = spawn('gh', args, { env: { ...env, NoDefaultCurrentDirectoryInExePath: '1' }, signal, stdio: 'pipe' });
  child.stdin.on('error', () => {});
  child.stdin.end();
  const [said, complained] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      if (signal.aborted) reject(signal.reason);
      else reject(new CliError('GH_NOT_READY', 'gh is not installed', 'Get it: https://cli.github.com', { cause }));
    });
    child.on('close', (code) => {
      if (code === 0) resolve(said());
      else reject(new GhError(complained().trim() || `gh ended with code ${code}`, said()));
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, MAX_OUTPUT);
  });
  return () => text;
}
