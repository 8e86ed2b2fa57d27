// Names, versions, tags and texts made to break their readers: refused, or stored without harm to other courses.
import type { Packument } from '@progy/protocol/wire/packument.ts';
import t, { type Test } from 'tap';
import { courseZip } from '../../fixtures/archives.ts';
import { buildZip } from '../../fixtures/zip-builder.ts';
import { type Answer, openRegistry, packCourse } from './harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
await registry.publish(diego, await packCourse('@diego/rust'));
const rust = await packument('/@diego%2frust');

async function packument(path: string): Promise<Packument> {
  return (await registry.json(path)).body as unknown as Packument;
}

/** Publishes a course whose course.json is that text. */
function publishText(courseJson: string, metadata?: unknown): Promise<Answer> {
  const entries = [
    { name: 'course.json', content: courseJson },
    { name: 'content/01_start/README.md', content: 'Start here.\n' },
  ];
  return registry.publish(diego, buildZip(entries), metadata);
}

async function othersAreUnharmed(t: Test): Promise<void> {
  t.same(await packument('/@diego%2frust'), rust, 'another course is what it was');
  t.equal((await registry.json('/@diego%2fnothing')).status, 404, 'and what is not there is not there');
}

/** Every address of a course answers for itself. */
async function isServed(t: Test, name: string, version: string): Promise<void> {
  const { dist } = (await packument(`/${name}`)).versions[version] ?? {};
  for (const url of [dist?.tarball, dist?.progy.url]) {
    const response = await registry.fetch(new URL(String(url)).pathname);
    t.equal(response.status, 200, `${url}`);
    await response.arrayBuffer();
  }
  t.match((await registry.json(`/registry/resolve/${name}`)).body, { name, versions: [version] });
  t.match((await registry.json(`/${name}/${version}`)).body, { name, version });
}

t.test('courses named like members of objects are courses', async (t) => {
  for (const slug of ['constructor', 'hasownproperty', 'tostring', 'then', 'valueof']) {
    const name = `@diego/${slug}`;
    t.equal((await registry.json(`/${name}`)).status, 404, `${name} before`);
    t.equal((await registry.publish(diego, await packCourse(name))).status, 201, name);
    await isServed(t, name, '1.0.0');
  }
  await othersAreUnharmed(t);
});

t.test('versions and tags named like members of objects are not there', async (t) => {
  for (const member of ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'length']) {
    t.match(
      await registry.json(`/@diego%2frust/${member}`),
      { status: 404, body: { code: 'VERSION_NOT_FOUND' } },
      member,
    );
  }
});

t.test('a tag named like a member of objects is a tag', async (t) => {
  const file = await packCourse('@diego/tagged');
  t.match(await registry.publish(diego, file, { tag: 'constructor' }), { status: 201, body: { tag: 'constructor' } });
  const { body } = await registry.json('/-/package/@diego%2ftagged/dist-tags');
  t.same(Object.entries(body), [
    ['constructor', '1.0.0'],
    ['latest', '1.0.0'],
  ]);
  t.match((await registry.json('/@diego%2ftagged/constructor')).body, { version: '1.0.0' });
  t.match(await registry.publish(diego, file, { tag: '__proto__' }), { status: 400, body: { code: 'INVALID_TAG' } });
});

t.test('keys that would reach a prototype reach nothing', async (t) => {
  const keys = '"__proto__":{"polluted":1,"name":"@marta/x"},"constructor":{"prototype":{"polluted":1}},"toJSON":1';
  const fields = `"name":"@diego/keys","version":"1.0.0","engines":{${keys}},"author":{"name":"D",${keys}}`;
  t.match(await publishText(`{${keys},${fields}}`, JSON.parse(`{${keys}}`)), {
    status: 201,
    body: { name: '@diego/keys' },
  });
  await isServed(t, '@diego/keys', '1.0.0');
  t.notMatch(JSON.stringify(await packument('/@diego%2fkeys')), /polluted/);
  await othersAreUnharmed(t);
});

t.test('files named like members of objects are files', async (t) => {
  const files = { 'content/__proto__': 'a', 'content/constructor/prototype': 'b', toString: 'c' };
  t.equal((await registry.publish(diego, await packCourse('@diego/files', '1.0.0', { files }))).status, 201);
  await isServed(t, '@diego/files', '1.0.0');
  await othersAreUnharmed(t);
});

t.test('a name of 214 characters and a version of 256 work everywhere, one more is refused', async (t) => {
  const name = `@diego/${'a'.repeat(207)}`;
  const version = `1.0.0-${'b'.repeat(250)}`;
  t.equal((await registry.publish(diego, await packCourse(name, version), { tag: 'long' })).status, 201);
  await isServed(t, name, version);
  const longer: [string, string, string][] = [
    [`${name}a`, '1.0.0', 'INVALID_NAME'],
    ['@diego/long', `${version}b`, 'INVALID_VERSION'],
  ];
  for (const [name, version, code] of longer) {
    t.match(await registry.publish(diego, courseZip(), { name, version }), { status: 400, body: { code } });
    t.match(await publishText(JSON.stringify({ name, version })), { status: 400, body: { code } });
    t.match(await registry.json(`/registry/download/${name}/${version}`), { status: 400, body: { code } });
  }
});

t.test('names, versions, tags and texts of 100 KB are 400, in metadata and in course.json', async (t) => {
  const table: [string, unknown, string][] = [
    ['name', `@diego/${'a'.repeat(100_000)}`, 'INVALID_NAME'],
    ['name', `@${'a/'.repeat(50_000)}`, 'INVALID_NAME'],
    ['version', '1'.repeat(100_000), 'INVALID_VERSION'],
    ['version', `1.0.0-${'0.'.repeat(50_000)}`, 'INVALID_VERSION'],
    ['version', `1.0.0${'-a'.repeat(50_000)}+`, 'INVALID_VERSION'],
    ['tag', 'a'.repeat(100_000), 'INVALID_REQUEST'],
    ['tag', `${'1.'.repeat(4_000)}x`, 'INVALID_TAG'],
    ['description', ' '.repeat(100_000), 'INVALID_REQUEST'],
  ];
  for (const [field, value, code] of table) {
    const answer = await registry.publish(diego, courseZip(), { [field]: value });
    t.match(answer, { status: 400, body: { code } }, `${field} in metadata`);
    t.ok(JSON.stringify(answer.body).length < 2_000, 'the answer does not repeat it');
    if (field === 'tag') continue;
    const course = { name: '@diego/long', version: '1.0.0', [field]: value };
    const inFile = code === 'INVALID_REQUEST' ? 'INVALID_COURSE' : code;
    t.match(
      await publishText(JSON.stringify(course)),
      { status: 400, body: { code: inFile } },
      `${field} in course.json`,
    );
  }
});

t.test('an author of nothing but brackets is read', async (t) => {
  const author = `${'<('.repeat(200)}>)`;
  t.equal((await publishText(JSON.stringify({ name: '@diego/author', version: '1.0.0', author }))).status, 201);
  await isServed(t, '@diego/author', '1.0.0');
});

t.test('control characters in texts travel as JSON escapes', async (t) => {
  const description = 'a\u0000b\u001b]8;;http://evil.example\u0007c\u009b2J\u202ed\r\n<script>';
  const course = { name: '@diego/control', version: '1.0.0', description, keywords: [description.slice(0, 90)] };
  t.equal((await publishText(JSON.stringify(course))).status, 201);
  const response = await registry.fetch('/@diego%2fcontrol');
  const text = await response.text();
  t.notMatch(text, /[\u0000-\u001f]/, 'no raw control character');
  const { description: described, versions } = JSON.parse(text) as Packument;
  t.same([described, versions['1.0.0']?.description], [description, description], 'and none is lost');
});
