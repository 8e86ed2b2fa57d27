import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { parseCourseOrScope, parseCourseSpec, parseScope } from '../../registry/spec.ts';

t.test('a course is named by scope and slug, with a version, range or tag', async (t) => {
  const table: Record<string, string> = {
    '@diego/rust': 'latest',
    '@diego/rust@': 'latest',
    '@diego/rust@1.0.0': '1.0.0',
    '@diego/rust@^1.2': '^1.2',
    '@diego/rust@>=1 <3': '>=1 <3',
    '@diego/rust@beta': 'beta',
  };
  for (const [text, wanted] of Object.entries(table)) {
    const spec = parseCourseSpec(text);
    t.equal(spec.name.full, '@diego/rust', text);
    t.equal(spec.wanted, wanted, text);
  }
});

t.test('progy itself is no course', async (t) => {
  for (const text of ['@progy/cli', '@progy/cli@0.1.0'])
    t.throws(() => parseCourseSpec(text), { code: 'USAGE', message: '@progy/cli is progy itself, and no course' });
  t.equal(parseCourseSpec('@progy/intro').name.full, '@progy/intro');
});

t.test('nothing but the registry is ever meant', async (t) => {
  const others = [
    'rust',
    'diego/rust',
    './rust',
    '@diego',
    '@diego/',
    '@Diego/Rust',
    '@diego/rust@./folder',
    '@diego/rust@file:../x',
    '@diego/rust@npm:other@1',
    '@diego/rust@git+https://example.com/x.git',
    '@diego/rust@https://example.com/x.tgz',
    '@diego/rust/more',
    'https://example.com/x.tgz',
    '../@diego/rust',
    '',
    '\u001b[31m@diego/rust',
  ];
  for (const text of others) t.throws(() => parseCourseSpec(text), { code: 'INVALID_NAME' }, JSON.stringify(text));
});

t.test('a local folder of that name does not stand in for the course', async (t) => {
  const folder = t.testdir({});
  await mkdir(join(folder, '@diego', 'rust'), { recursive: true });
  const before = process.cwd();
  process.chdir(folder);
  t.teardown(() => process.chdir(before));
  t.equal(parseCourseSpec('@diego/rust').wanted, 'latest');
});

t.test('a scope is named with and without the @, an account too', async (t) => {
  for (const text of ['acme', '@acme']) t.equal(parseScope(text), 'acme');
  for (const text of ['', '@', 'Acme', '@acme/x', '@@acme', '../x', '\u001b[31m'])
    t.throws(() => parseScope(text), { code: 'INVALID_NAME' }, JSON.stringify(text));
});

t.test('what has a log is a course, or a scope with its @', async (t) => {
  t.same(parseCourseOrScope('@diego/rust'), { subject: '@diego/rust', scope: 'diego' });
  t.same(parseCourseOrScope('@acme'), { subject: '@acme', scope: 'acme' });
  for (const text of ['acme', 'rust', '@', '@Acme', './rust'])
    t.throws(() => parseCourseOrScope(text), { code: 'INVALID_NAME' }, JSON.stringify(text));
});
