// Real npms that manage tokens and show the profile.
import t, { type Test } from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { bearer, signIn } from '../harness.ts';
import { openClassrooms, printed } from './helpers/classrooms.ts';
import type { Student } from './helpers/student.ts';

const { registry, eachNpm, publishNew } = await openClassrooms(t);
const AT_REGISTRY = ['--registry', registry.url];
const PASSWORD_PROMPT = { prompt: 'npm password:', line: SEED_PASSWORD };

/** Signed in once: the registry limits how often one may. */
const tokens = { diego: await signedIn('diego'), marta: await signedIn('marta') };

async function signedIn(name: string): Promise<string> {
  return String((await signIn(registry.json, name, SEED_PASSWORD)).body.token);
}

function npmToken(student: Student, args: readonly string[], password?: typeof PASSWORD_PROMPT) {
  return student.runNpm(['token', ...args, ...AT_REGISTRY], password && { replies: [password] });
}

async function createToken(t: Test, student: Student, ...limits: string[]): Promise<string> {
  const shown = printed(t, await npmToken(student, ['create', ...limits], PASSWORD_PROMPT));
  return /Created token (progy_[0-9a-f]{60})/.exec(shown)?.[1] ?? shown;
}

async function statusOf(token: string): Promise<number> {
  return (await registry.json('/-/whoami', { headers: bearer(token) })).status;
}

eachNpm(
  'token create asks for the password, list shows the token, and revoke by its id ends it',
  async (t, student) => {
    await student.useToken(tokens.marta);
    const token = await createToken(t, student, '--name=laptop', '--expires=7');
    t.equal(await statusOf(token), 200);
    const listed = printed(t, await npmToken(student, ['list']));
    const id = new RegExp(`^Token ${token.slice(0, 12)}… with id (\\w+) name laptop created \\d`, 'm').exec(
      listed,
    )?.[1];
    t.match(listed, /^Token progy_\w{6}… with id \w+ name login/m);
    t.equal(printed(t, await npmToken(student, ['revoke', id ?? ''])), 'Removed 1 token\n');
    t.equal(await statusOf(token), 401);
  },
);

eachNpm('token revoke takes the whole token too, and list --json says who it was', async (t, student) => {
  await student.useToken(tokens.marta);
  const token = await createToken(t, student, '--name=gone');
  const listed: { token: string; key: string; current: boolean }[] = JSON.parse(
    printed(t, await npmToken(student, ['list', '--json'])),
  );
  t.match(
    listed.find(({ token: start }) => token.startsWith(start)),
    { key: /^[0-9a-f]{32}$/, name: 'gone' },
  );
  t.ok(tokens.marta.startsWith(listed.find(({ current }) => current)?.token ?? 'none'));
  t.equal(printed(t, await npmToken(student, ['revoke', token])), 'Removed 1 token\n');
  t.equal(await statusOf(token), 401);
});

eachNpm('limits that npm sends are kept: read-only, one course, some addresses', async (t, student) => {
  const name = await publishNew({ course: { private: true } });
  await student.useToken(tokens.diego);
  const [readonly, course, local, elsewhere] = [
    await createToken(t, student, '--packages-and-scopes-permission=read-only'),
    await createToken(t, student, `--packages=${name}`),
    await createToken(t, student, '--cidr=127.0.0.0/8'),
    await createToken(t, student, '--cidr=10.0.0.0/8'),
  ];
  await student.useToken(readonly);
  printed(t, await student.runNpm(['install', name]));
  const tag = await student.runNpm(['dist-tag', 'add', `${name}@1.0.0`, 'fall']);
  t.match(tag, { code: 1, stderr: /npm error code E403\n.*This token is read-only/ });
  await student.useToken(course);
  printed(t, await student.runNpm(['dist-tag', 'add', `${name}@1.0.0`, 'fall']));
  const other = await student.runNpm(['dist-tag', 'add', '@diego/rust-mastery@1.0.0', 'fall']);
  t.match(other, { code: 1, stderr: /npm error code E403\n.*does not reach @diego\/rust-mastery/ });
  t.same([await statusOf(local), await statusOf(elsewhere)], [200, 403]);
});

eachNpm(
  'a limit that the registry does not know is refused in words, and so is a wrong password',
  async (t, student) => {
    await student.useToken(tokens.diego);
    const orgs = await npmToken(student, ['create', '--orgs=progy'], PASSWORD_PROMPT);
    t.match(orgs, { code: 1, stderr: /npm error code E400\n.*This registry does not support tokens with orgs/ });
    const wrong = await npmToken(student, ['create'], { ...PASSWORD_PROMPT, line: 'not the password' });
    t.match(wrong, { code: 1, stderr: /npm error code E401\n.*Wrong username or password/ });
  },
);

eachNpm('profile get shows the account', async (t, student) => {
  await student.useToken(tokens.diego);
  const shown = printed(t, await student.runNpm(['profile', 'get', ...AT_REGISTRY]));
  t.match(shown, /^name: diego$/m);
  t.match(shown, /^email: diego@\S+ ?\(unverified\)$/m);
  t.match(shown, /^two-factor auth: disabled$/m);
  t.match(shown, /^created: \d{4}-/m);
});
