// Real npms that manage rights: organizations, teams, owners, visibility.
import { ORGANIZATIONS_PATH } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { packCourse, signIn } from '../harness.ts';
import { askerOf, succeed } from '../helpers/people.ts';
import { openClassrooms, printed } from './helpers/classrooms.ts';
import type { Student } from './helpers/student.ts';

const { registry, eachNpm, publishNew } = await openClassrooms(t);
const ask = askerOf(registry);
const AT_REGISTRY = ['--registry', registry.url];
const NOT_FOUND = /npm error code E404\n/;
const FORBIDDEN = /npm error code E403\n/;

/** Signed in once: the registry limits how often one may. */
const tokens = { diego: await signedIn('diego'), marta: await signedIn('marta') };

async function signedIn(name: string): Promise<string> {
  return String((await signIn(registry.json, name, SEED_PASSWORD)).body.token);
}

let organizations = 0;
/** An organization of diego's that no other test uses: npm has no command for that. */
async function newOrganization(): Promise<string> {
  const slug = `school-${'abcdefgh'[organizations++]}`;
  await succeed(ask(tokens.diego, 'POST', ORGANIZATIONS_PATH, { slug }));
  return slug;
}

async function as(student: Student, who: keyof typeof tokens): Promise<void> {
  await student.useToken(tokens[who]);
}

const run = (student: Student, ...args: string[]) => student.runNpm([...args, ...AT_REGISTRY]);
/** What a command prints that ends well. */
const shows = async (t: Test, student: Student, ...args: string[]) => printed(t, await run(student, ...args)).trim();

eachNpm('org: members are set, listed and removed', async (t, student) => {
  const slug = await newOrganization();
  await as(student, 'diego');
  t.equal(
    await shows(t, student, 'org', 'set', slug, 'marta', 'developer'),
    `Added marta as publisher to ${slug}. You now have 2 members in this org.`,
  );
  t.equal(await shows(t, student, 'org', 'ls', slug), 'diego - owner\nmarta - publisher');
  t.same(JSON.parse(await shows(t, student, 'org', 'ls', slug, '--json')), { diego: 'owner', marta: 'publisher' });
  t.equal(
    await shows(t, student, 'org', 'rm', slug, 'marta'),
    `Successfully removed marta from ${slug}. You now have 1 member in this org.`,
  );
  const admin = await run(student, 'org', 'set', slug, 'marta', 'admin');
  t.match(admin, { code: 1, stderr: /npm error code E400\n.*There is no role admin.*npm org set/ });
  const last = await run(student, 'org', 'rm', slug, 'diego');
  t.match(last, { code: 1, stderr: FORBIDDEN });
  t.match(last.stderr, `npm org set ${slug} <user> owner`);
  const none = await run(student, 'org', 'ls', 'no-such-school');
  t.match(none, { code: 1, stderr: /E404\n(?:.*\n)*.*progy org create/ });
});

eachNpm('team: roles are teams, listed, added to and removed from; others cannot be made', async (t, student) => {
  const slug = await newOrganization();
  await as(student, 'diego');
  t.equal(await shows(t, student, 'team', 'add', `${slug}:readers`, 'marta'), `marta added to @${slug}:readers`);
  t.equal(
    await shows(t, student, 'team', 'ls', slug),
    `@${slug} has 3 teams:\n@${slug}:owners\n@${slug}:publishers\n@${slug}:readers`,
  );
  t.equal(await shows(t, student, 'team', 'ls', `${slug}:readers`), `@${slug}:readers has 1 user:\nmarta`);
  t.equal(await shows(t, student, 'team', 'rm', `${slug}:readers`, 'marta'), `marta removed from @${slug}:readers`);
  const made = await run(student, 'team', 'create', `${slug}:crew`);
  t.match(made, { code: 1, stderr: /npm error code E405\n.*exactly the teams owners, publishers, readers/ });
  const granted = await run(student, 'access', 'grant', 'read-only', `${slug}:readers`, '@diego/rust-mastery');
  t.match(granted, { code: 1, stderr: /npm error code E405\n.*progy access grant/ });
});

eachNpm('owner: a maintainer is added, shown, may change tags, and is removed', async (t, student) => {
  const name = await publishNew();
  await as(student, 'diego');
  t.equal(await shows(t, student, 'owner', 'add', 'marta', name), `+ marta (${name})`);
  t.equal(
    await shows(t, student, 'owner', 'ls', name),
    'diego <diego@users.progy.invalid>\nmarta <marta@users.progy.invalid>',
  );
  t.match(await shows(t, student, 'view', name), /^- diego <.*>\n- marta <.*>$/m);
  await as(student, 'marta');
  await shows(t, student, 'dist-tag', 'add', `${name}@1.0.0`, 'fall');
  t.match(await run(student, 'owner', 'rm', 'diego', name), { code: 1, stderr: /only an owner of its scope/ });
  await as(student, 'diego');
  t.equal(await shows(t, student, 'owner', 'rm', 'marta', name), `- marta (${name})`);
  t.match(await run(student, 'owner', 'add', 'nobody-here', name), { code: 1, stderr: NOT_FOUND });
  await as(student, 'marta');
  t.match(await run(student, 'dist-tag', 'add', `${name}@1.0.0`, 'late'), { code: 1, stderr: FORBIDDEN });
});

eachNpm('access: a course is restricted, and installs with a token that may and with no other', async (t, student) => {
  const name = await publishNew();
  await as(student, 'diego');
  t.equal(await shows(t, student, 'access', 'get', 'status', name), `${name}: public`);
  t.equal(await shows(t, student, 'access', 'set', 'status=private', name), `${name}: private`);
  await shows(t, student, 'install', name);
  await as(student, 'marta');
  for (const command of [
    ['install', name],
    ['view', name],
    ['access', 'get', 'status', name],
  ])
    t.match(await run(student, ...command), { code: 1, stderr: NOT_FOUND });
  await succeed(ask(tokens.diego, 'PUT', `/registry/access/${name}/marta`, { permission: 'read' }));
  await shows(t, student, 'install', name);
  t.match(await run(student, 'access', 'set', 'status=public', name), { code: 1, stderr: FORBIDDEN });
  await as(student, 'diego');
  t.equal(await shows(t, student, 'access', 'list', 'collaborators', name), 'diego: read-write\nmarta: read-only');
  t.equal(await shows(t, student, 'access', 'set', 'status=public', name), `${name}: public`);
});

eachNpm('access: what course.json forbids, and what this registry has not, is refused in words', async (t, student) => {
  const name = await publishNew({ course: { private: true } });
  await as(student, 'diego');
  const opened = await run(student, 'access', 'set', 'status=public', name);
  t.match(opened, { code: 1, stderr: /npm error code E400\n.*course\.json says "private": true/ });
  const second = await run(student, 'access', 'set', 'mfa=publish', name);
  t.match(second, { code: 1, stderr: /npm error code E405\n.*no two-factor authentication/ });
});

eachNpm('access: packages are listed for an account and an organization, as far as one may see', async (t, student) => {
  const slug = await newOrganization();
  const name = `@${slug}/notes`;
  const file = await packCourse(name, '1.0.0', { course: { private: true } });
  await succeed(registry.publish(tokens.diego, file));
  await as(student, 'diego');
  t.equal(await shows(t, student, 'access', 'list', 'packages', slug), `${name}: read-write`);
  t.match(await shows(t, student, 'access', 'list', 'packages'), `${name}: read-write`);
  await as(student, 'marta');
  t.equal(await shows(t, student, 'access', 'list', 'packages', slug), '');
  const seen = await shows(t, student, 'access', 'list', 'packages', 'diego');
  t.match(seen, /^@diego\/rust-mastery: read-write$/m);
  t.notMatch(seen, name);
  t.match(await run(student, 'access', 'list', 'packages', 'nobody-here'), { code: 1, stderr: NOT_FOUND });
});
