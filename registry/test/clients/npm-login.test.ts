// Real npms that sign in and out, and their messages for an invalid token or password.
import { join } from 'node:path';
import t from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { bearer, PASSWORD, signIn } from '../harness.ts';
import { openClassrooms, printed } from './helpers/classrooms.ts';
import { readFiles } from './helpers/folders.ts';
import type { Reply } from './helpers/run-program.ts';

const { registry, npms, eachNpm, publishNew } = await openClassrooms(t);
const AT_REGISTRY = ['--registry', registry.url];
const LOGIN = ['login', '--auth-type=legacy', ...AT_REGISTRY];
const SIGN_IN_AGAIN = { code: 1, stderr: /npm error code E401\n.*\n.*logging in again/ };

function signInAs(name: string, password: string): Reply[] {
  return [
    { prompt: 'Username:', line: name },
    { prompt: 'Password:', line: password },
  ];
}

async function statusOf(token: string): Promise<number> {
  return (await registry.json('/-/whoami', { headers: bearer(token) })).status;
}

eachNpm('legacy login makes an account, whoami knows it, and logout revokes the token', async (t, student) => {
  const name = `new-${npms.indexOf(student.npm)}`;
  t.match(printed(t, await student.runNpm(LOGIN, { replies: signInAs(name, PASSWORD) })), 'Logged in on ');
  t.equal(printed(t, await student.runNpm(['whoami', ...AT_REGISTRY])), `${name}\n`);
  const token = /:_authToken=(progy_\w+)/.exec(await student.readNpmrc())?.[1] ?? '';
  t.equal(await statusOf(token), 200);
  printed(t, await student.runNpm(['logout', ...AT_REGISTRY]));
  t.notMatch(await student.readNpmrc(), '_authToken');
  t.equal(await statusOf(token), 401, 'revoked, not only forgotten');
  t.match(await student.runNpm(['whoami', ...AT_REGISTRY]), { code: 1, stderr: /npm error code ENEEDAUTH/ });
});

eachNpm('login for a scope finds the registry in the .npmrc of the class', async (t, student) => {
  const login = ['login', '--auth-type=legacy', '--scope=@diego'];
  const shown = printed(t, await student.runNpm(login, { replies: signInAs('diego', SEED_PASSWORD) }));
  t.match(shown, `Logged in to scope @diego on ${registry.url}/`);
  t.equal(printed(t, await student.runNpm(['whoami', ...AT_REGISTRY])), 'diego\n');
});

eachNpm('login with a wrong password says so, and signs nobody in', async (t, student) => {
  const { code, stderr } = await student.runNpm(LOGIN, { replies: signInAs('diego', 'not the password') });
  t.equal(code, 1);
  t.match(stderr, /npm error code E401\nnpm error .*Wrong username or password/);
  t.notMatch(await student.readNpmrc(), '_authToken');
});

eachNpm('a private course is there with the token of its owner, and for nobody without', async (t, student) => {
  const name = await publishNew({ course: { private: true } });
  t.match(await student.runNpm(['install', name]), { code: 1, stderr: `Package not found: ${name}` });
  await student.useToken(String((await signIn(registry.json, 'diego', SEED_PASSWORD)).body.token));
  printed(t, await student.runNpm(['install', name]));
  printed(t, await student.runNpm(['ci']));
  const files = await readFiles(join(student.classroom, 'node_modules', name));
  t.ok(files.some(({ path }) => path === 'course.json'));
});

eachNpm(
  'a token that is no longer good says to sign in again, and public courses install all the same',
  async (t, student) => {
    const token = await registry.signUp(`gone-${npms.indexOf(student.npm)}`);
    await registry.json(`/-/user/token/${token}`, { method: 'DELETE', headers: bearer(token) });
    await student.useToken(token);
    t.match(await student.runNpm(['whoami', ...AT_REGISTRY]), SIGN_IN_AGAIN);
    printed(t, await student.runNpm(['install', '@diego/rust-mastery']));
  },
);

eachNpm('a token that was made up does not tell which private courses there are', async (t, student) => {
  const name = await publishNew({ course: { private: true } });
  await student.useToken('progy_made_up');
  t.match(await student.runNpm(['view', name]), SIGN_IN_AGAIN);
  t.match(await student.runNpm(['view', '@diego/nothing']), SIGN_IN_AGAIN);
});
