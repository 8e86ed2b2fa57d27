import { readFileSync } from 'node:fs';
import t from 'tap';
import { courseJsonSchema, courseManifest, MAX_COURSE_JSON_BYTES, parseCourse } from '../../course/course.ts';

const FIXTURES = new URL('../../../fixtures/courses/', import.meta.url);
const parse = (document: unknown) => parseCourse(Buffer.from(JSON.stringify(document)));
const valid = { name: '@diego/rust', version: '1.0.0' };

t.test('name and version are enough; a byte order mark is skipped', async (t) => {
  t.match(parse(valid), { name: { full: '@diego/rust' }, version: '1.0.0', private: false });
  t.equal(parseCourse(Buffer.from(`\ufeff${JSON.stringify(valid)}`)).version, '1.0.0');
});

t.test('fields of the course runner, and unknown ones, pass untouched', async (t) => {
  const fields = { ...valid, runners: [{ id: 'x', any: { thing: 1 } }], branding: null, future: { a: [1] } };
  t.same(parse(fields).fields, fields);
});

t.test('the fixture courses are valid, and each defect is refused with its code', async (t) => {
  for (const course of ['rust-mastery', 'sql-detective', 'javascript-quest', 'private-notes']) {
    t.equal(parseCourse(readFileSync(new URL(`${course}/course.json`, FIXTURES))).name.slug, course);
  }
  const defects: Record<string, string> = {
    'course-json-not-json': 'INVALID_COURSE',
    'course-json-not-an-object': 'INVALID_COURSE',
    'name-missing': 'INVALID_NAME',
    'name-unscoped': 'INVALID_NAME',
    'name-upper-case': 'INVALID_NAME',
    'name-not-a-string': 'INVALID_NAME',
    'version-missing': 'INVALID_VERSION',
    'version-not-semver': 'INVALID_VERSION',
    'version-with-v': 'INVALID_VERSION',
    'version-with-build-metadata': 'INVALID_VERSION',
    'description-not-a-string': 'INVALID_COURSE',
    'files-not-a-list': 'INVALID_COURSE',
  };
  for (const [folder, code] of Object.entries(defects)) {
    const bytes = readFileSync(new URL(`defects/${folder}/course.json`, FIXTURES));
    t.throws(() => parseCourse(bytes), { code }, folder);
  }
});

t.test('an error says where: in the sentence and as path', async (t) => {
  t.throws(() => parse({ ...valid, author: { name: 7 } }), {
    code: 'INVALID_COURSE',
    message: /"author/,
    evidence: { path: /^author/ },
  });
  t.throws(() => parse({ ...valid, keywords: ['a', 1] }), { code: 'INVALID_COURSE', evidence: { path: 'keywords.1' } });
});

t.test('what could exhaust or confuse a parser is refused first', async (t) => {
  const table: Record<string, Uint8Array> = {
    'too large': Buffer.alloc(MAX_COURSE_JSON_BYTES + 1, ' '),
    'nested too deep': Buffer.from(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`),
    'nested very deep, and unclosed': Buffer.from('['.repeat(100_000)),
    'many quotes that never close': Buffer.from('"\\'.repeat(60_000)),
    'not UTF-8': Buffer.from([0x7b, 0xff, 0x7d]),
    'UTF-16': Buffer.from(JSON.stringify(valid), 'utf16le'),
    empty: Buffer.alloc(0),
  };
  for (const [title, bytes] of Object.entries(table))
    t.throws(() => parseCourse(bytes), { code: 'INVALID_COURSE' }, title);
});

t.test('brackets in strings are not nesting', async (t) => {
  t.equal(parse({ ...valid, description: `${'['.repeat(100)}\\"{` }).version, '1.0.0');
});

t.test('__proto__ in a course is data, and pollutes nothing', async (t) => {
  parseCourse(
    Buffer.from(
      '{"name":"@diego/rust","version":"1.0.0","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ),
  );
  t.notOk('polluted' in {});
});

t.test('the npm manifest has the course’s fields, and nothing that npm would run or resolve', async (t) => {
  const course = parse({
    ...valid,
    description: 'd',
    author: 'Ana Lima <ana@example.com> (https://ana.example)',
    repository: 'https://example.com/r.git',
    engines: { progy: '>=1', node: '>=20' },
    title: 'T',
    private: true,
    scripts: { postinstall: 'x' },
    bin: 'x',
    dependencies: { a: '1' },
    gypfile: true,
  });
  t.same(courseManifest(course), {
    name: '@diego/rust',
    version: '1.0.0',
    description: 'd',
    author: { name: 'Ana Lima', email: 'ana@example.com', url: 'https://ana.example' },
    license: 'UNLICENSED',
    repository: { type: 'git', url: 'https://example.com/r.git' },
    progy: { course: 'course.json', title: 'T', engine: '>=1' },
  });
});

t.test('an author in any of npm’s forms becomes an object', async (t) => {
  const authors: [unknown, unknown][] = [
    ['Ana', { name: 'Ana' }],
    ['Ana <a@b.c>', { name: 'Ana', email: 'a@b.c' }],
    ['<a@b.c>', { email: 'a@b.c' }],
    ['', {}],
    [
      { name: 'Ana', url: 'u', extra: 1 },
      { name: 'Ana', url: 'u' },
    ],
  ];
  for (const [author, expected] of authors) {
    t.same(courseManifest(parse({ ...valid, author })).author, expected, JSON.stringify(author));
  }
});

t.test('the JSON Schema requires what the parser requires and lets the rest pass', async (t) => {
  t.match(courseJsonSchema(), {
    type: 'object',
    required: ['name', 'version'],
    properties: { files: { type: 'array' } },
  });
  t.not(courseJsonSchema().additionalProperties, false);
});
