// Owns the rows about who somebody is: signing in, and asking.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { SEED_PASSWORD } from '../../../local/seed.ts';
import { readFiles } from '../../clients/helpers/folders.ts';
import type { Reply } from '../../clients/helpers/run-program.ts';
import { bearer } from '../../harness.ts';
import { noSuchCommand, ok, WORKS } from '../helpers/cell.ts';
import { authorAt, type Desk, type Seat } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

const TOKEN = /progy_\w+/;
/** Answers by what a client asks. */
const ANSWERS: Record<string, string> = {
  'Username:': 'diego',
  'Password:': SEED_PASSWORD,
  Email: 'diego@example.com',
  'npm username:': 'diego',
  'npm email:': 'diego@example.com',
  'npm password:': SEED_PASSWORD,
};

export const login: Row = {
  title: 'login',
  async run(t, desk) {
    const { args, prompts } = desk.dialect.login;
    const author = await authorAt(t, desk);
    const ended = await author.use(args, { terminal: true, replies: prompts.map(answer) });
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    ok(t, ended, 'it signs in');
    await t.test('and is signed in', (t) => checkSignedIn(t, desk, author));
    return WORKS;
  },
};

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
