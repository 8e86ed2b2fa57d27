// Owns the rows about who somebody is: signing in, and asking.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { SEED_PASSWORD } from '../../../local/seed.ts';
import { readFiles } from '../../clients/helpers/folders.ts';
import type { Ended, Reply } from '../../clients/helpers/run-program.ts';
import { startWaiting } from '../../clients/helpers/waiting-program.ts';
import { bearer } from '../../harness.ts';
import { Visitor } from '../../helpers/visitor.ts';
import { noSuchCommand, ok, WORKS } from '../helpers/cell.ts';
import { authorAt, type Desk, type Seat } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

const TOKEN = /progy_\w+/;
/** Answers by what a client asks. */
const ANSWERS: Record<string, string> = {
  'Username:': 'diego',
  'Password:': SEED_PASSWORD,
  'npm username:': 'diego',
  'npm email:': 'diego@example.com',
  'npm password:': SEED_PASSWORD,
};

export const login: Row = {
  title: 'login',
  async run(t, desk) {
    const { args, prompts } = desk.dialect.login;
    const author = await authorAt(t, desk);
    const ended =
      prompts === 'browser'
        ? await signInThroughPage(t, desk, author)
        : await author.use(args, { terminal: true, replies: prompts.map(answer) });
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    ok(t, ended, 'it signs in');
    await t.test('and is signed in', (t) => checkSignedIn(t, desk, author));
    return WORKS;
  },
};

/** Somebody approves it on the page whose address it prints. */
async function signInThroughPage(t: Test, { client, dialect, registry }: Desk, author: Seat): Promise<Ended> {
  const { classroom: cwd, env } = author;
  const waiting = startWaiting(t, client.program, dialect.login.args, { cwd, env });
  const code = new URL(await waiting.address()).searchParams.get('code') ?? '';
  const diego = new Visitor(registry, registry.url);
  await diego.post('/login/sign-in', { login: 'diego', password: SEED_PASSWORD });
  await diego.decide(code, 'approved');
  return { code: await waiting.ended(), stdout: waiting.output(), stderr: '' };
}

function answer(prompt: string): Reply {
  return { prompt, line: ANSWERS[prompt] ?? '' };
}

/** By the token that it keeps; Yarn 1 keeps none, asks for the password with each command, and signs in and out around it. */
async function checkSignedIn(t: Test, desk: Desk, author: Seat): Promise<void> {
  const token = TOKEN.exec(await textsIn(author.home))?.[0];
  if (token !== undefined) {
    const { body } = await desk.registry.json('/-/whoami', { headers: bearer(token) });
    return void t.equal(body.username, 'diego');
  }
  const name = await desk.publishNew(['1.0.0']);
  const replies = [answer('npm password:')];
  ok(t, await author.use(desk.dialect.tagAdd(`${name}@1.0.0`, 'kept'), { terminal: true, replies }), 'it may write');
  t.match((await desk.registry.json(`/-/package/${name}/dist-tags`)).body, { kept: '1.0.0' });
}

async function textsIn(folder: string): Promise<string> {
  const files = (await readFiles(folder)).filter(({ path }) => /rc|auth|\.ya?ml$/.test(path));
  return (await Promise.all(files.map(({ path }) => readFile(join(folder, path), 'utf8')))).join('\n');
}

export const whoami: Row = {
  title: 'whoami',
  async run(t, desk) {
    const author = await authorAt(t, desk, desk.diego);
    const ended = await author.use(desk.dialect.whoami);
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    t.match(ok(t, ended, 'it knows'), /\bdiego\b/);
    return WORKS;
  },
};
