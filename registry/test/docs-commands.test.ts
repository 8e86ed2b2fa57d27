// Every `console` block and recording of the documentation, typed in order by somebody on a fresh machine.
// docs-untyped.test.ts has the rest.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { SEED_PASSWORD } from '../local/seed.ts';
import { temporaryFolder } from './clients/helpers/folders.ts';
import { progy } from './clients/helpers/progy.ts';
import { PASSWORD, signIn } from './harness.ts';
import { blocksOf, listPages, ROOT, readPage } from './helpers/documents.ts';
import { happen } from './helpers/meanwhile.ts';
import { follow, type Reader } from './helpers/page-reader.ts';
import { openStarted, type StartedRegistry } from './helpers/started-registry.ts';
import { Visitor } from './helpers/visitor.ts';

const run = promisify(execFile);
const pages = await listPages();
const texts = new Map(await Promise.all(pages.map(async (path) => [path, await readPage(path)] as const)));

/** The reader of a page with `console` blocks, and the state before they begin. */
const READERS: Record<
  string,
  { account?: string; prepare?: (home: string, registry: StartedRegistry) => Promise<unknown> }
> = {
  'docs/students.md': { account: 'ana' },
  'docs/instructors.md': { account: 'lena', prepare: keepPassword },
  'docs/teachers.md': { account: 'otto', prepare: publishPrivately },
  'docs/operators.md': { prepare: clone },
  'cli/README.md': { account: 'paul' },
};

const registry = await openStarted(t, { seed: true });

// Each reader has a name, a home and courses of their own.
t.jobs = 3;
for (const [path, text] of texts) {
  if (!blocksOf(text).some(({ language }) => language === 'console')) continue;
  t.test(`${path} can be followed word for word`, { buffered: true }, async (t) => {
    const reader = READERS[path];
    if (reader === undefined) return t.fail(`READERS says who reads ${path}`);
    const home = await temporaryFolder(t);
    await reader.prepare?.(home, registry);
    const meanwhile = (event: string) => happen(event, registry, home);
    await follow(t, path, { home, registry: registry.url, approve: approverFor(reader.account), meanwhile });
  });
}

/** Somebody who signs in at the page that a command names. An account that is not there yet is made. */
function approverFor(account: string | undefined): Reader['approve'] {
  return async (code) => {
    const visitor = new Visitor(registry, registry.url);
    if (account === undefined) throw new Error('READERS names no account for this page');
    const signedIn = await visitor.post('/login/sign-in', { login: account, password: PASSWORD, code });
    if (signedIn.status >= 400) await visitor.signUp(account);
    await visitor.decide(code, 'approved');
  };
}

/** A copy of this repository, as after `git clone` and `npm ci`, whose examples name the registry that runs. */
async function clone(home: string, { url }: StartedRegistry): Promise<string> {
  const folder = join(home, 'progy-registry');
  const { stdout } = await run('git', ['ls-files', '-z'], { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 });
  const tops = new Set(
    stdout
      .split('\0')
      .filter(Boolean)
      .map((path) => path.split('/')[0] ?? ''),
  );
  const leaveOut = /(^|\/)(node_modules|dist|\.git)$/;
  for (const name of tops) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: (path) => !leaveOut.test(path) });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const example of ['.npmrc.example', 'fixtures/class/.yarnrc.yml']) {
    const path = join(folder, example);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('localhost:8787', new URL(url).host));
  }
  return folder;
}

async function keepPassword(home: string): Promise<void> {
  await writeFile(join(home, 'password.txt'), `${PASSWORD}\n`);
}

/** A private course that the reader of the page may read, and a clone. */
async function publishPrivately(home: string, registry: StartedRegistry): Promise<void> {
  await clone(home, registry);
  await registry.signUp('otto');
  const token = String((await signIn(registry.json, 'diego', SEED_PASSWORD)).body.token);
  const env = { PROGY_REGISTRY: registry.url, PROGY_TOKEN: token };
  const cwd = join(home, 'progy-registry/fixtures/courses/private-notes');
  await mkdir(join(home, 'diego'));
  await progy(['publish'], { cwd, home: join(home, 'diego'), env });
  await progy(['access', 'grant', '@diego/private-notes', 'otto'], { cwd, home: join(home, 'diego'), env });
}
