import fc from 'fast-check';
import t from 'tap';
import { parsePackageName, progyFileName, tarballFileName, tryParsePackageName } from '../../course/package-name.ts';

t.test('@scope/slug is read into its parts', async (t) => {
  t.same(parsePackageName('@diego/rust-mastery'), {
    scope: 'diego',
    slug: 'rust-mastery',
    full: '@diego/rust-mastery',
  });
  for (const name of ['@a/b', '@d1/x.y_z-0', '@42/7', `@a/${'b'.repeat(211)}`]) t.ok(tryParsePackageName(name), name);
});

t.test('what is no such name is INVALID_NAME, with what was found', async (t) => {
  const names: unknown[] = [
    'rust',
    'diego/rust',
    '@diego',
    '@diego/',
    '@/rust',
    '@diego/rust/x',
    '@Diego/rust',
    '@diego/Rust',
    '@diego/../x',
    '@diego/a..b',
    '@diego/.hidden',
    '@diego/_x',
    '@diego/-x',
    '@diego/ru st',
    '@diego/rust\n',
    '@diego/rüst',
    '@diеgo/rust',
    '@diego%2frust',
    `@a/${'b'.repeat(212)}`,
    '',
    42,
    null,
    undefined,
    {},
  ];
  for (const name of names) {
    t.equal(tryParsePackageName(name), undefined, String(name));
    t.throws(() => parsePackageName(name), { code: 'INVALID_NAME' }, String(name));
  }
  t.throws(() => parsePackageName('a\u001b[31m'), { code: 'INVALID_NAME', evidence: { found: 'a\\u{1b}[31m' } });
});

t.test(
  'a name of the allowed characters passes unless it has two dots in a row, and reads back the same',
  async (t) => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(part, part, (scope, slug) => {
        const full = `@${scope}/${slug}`;
        const expected = full.includes('..') ? undefined : { scope, slug, full };
        t.same(tryParsePackageName(full), expected, full);
      }),
    );
  },
);

t.test('file names carry slug and version', async (t) => {
  const name = parsePackageName('@diego/rust');
  t.equal(tarballFileName(name, '1.0.0'), 'rust-1.0.0.tgz');
  t.equal(progyFileName(name, '1.0.0'), 'rust-1.0.0.progy');
});
