import { readFile } from 'node:fs/promises';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import { lockedCourses, lockfileNameOf, MAX_LOCKFILE_BYTES } from '../../../classroom/lockfiles/read-lockfile.ts';

const RUST = parsePackageName('@diego/rust-mastery');
const SHA512 = `sha512-${'A'.repeat(86)}==`;
const HEX = 'a'.repeat(128);

const INTEGRITY = 'sha512-243d0URAd3DAn8DRKpN+6T02dgwH4gKxbXb3PaWNpMvF1+scisoaBVKiECkOwEm22gY7zohvCHcja3c5TQwjsg==';
const RESOLVED = 'http://localhost:4871/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz';
const YARN_ZIP =
  '47a477f76853f852bae7ea0a0847864297a66c9150ca86b7f3337d7432b66e93f8e2ea81b8437a7ff062755a02e44454a08c71b9714579a1a10dec9102cbbd3d';

/** Written by the package managers for a class with two courses. */
for (const [folder, file, manager] of [
  ['npm1', 'package-lock.json', 'npm'],
  ['npm2', 'package-lock.json', 'npm'],
  ['npm3', 'package-lock.json', 'npm'],
  ['pnpm', 'pnpm-lock.yaml', 'pnpm'],
  ['yarn1', 'yarn.lock', 'yarn1'],
  ['yarn4', 'yarn.lock', 'yarn'],
  ['bun', 'bun.lock', 'bun'],
] as const) {
  t.test(`${folder}: version and bytes of a course are read from ${file}`, async (t) => {
    const text = await readFile(new URL(`samples/${folder}/${file}`, import.meta.url), 'utf8');
    const isYarn4 = manager === 'yarn';
    const integrity = isYarn4 ? { kind: 'yarn-zip', value: YARN_ZIP } : { kind: 'tarball', value: INTEGRITY };
    const hasAddress = manager !== 'pnpm' && !isYarn4;
    t.strictSame(await lockedCourses({ fileName: file, text }, RUST), [
      { manager, name: RUST.full, version: '1.0.0', integrity, ...(hasAddress ? { resolved: RESOLVED } : {}) },
    ]);
    const other = parsePackageName('@marta/sql-detective');
    t.same(
      (await lockedCourses({ fileName: file, text }, other)).map(({ version }) => version),
      ['1.2.0'],
    );
    for (const absent of ['@diego/rust', '@diego/rust-mastery-2', '@other/rust-mastery'])
      t.same(await lockedCourses({ fileName: file, text }, parsePackageName(absent)), [], absent);
  });
}

const pnpm = (key: string, integrity = SHA512) => `packages:\n\n  ${key}:\n    resolution: {integrity: ${integrity}}\n`;
const yarn1 = (fields: string) =>
  `# yarn lockfile v1\n\n\n"@diego/rust-mastery@^1.0.0", "@diego/rust-mastery@*":\n${fields}`;

for (const [fact, fileName, text, versions] of [
  ['pnpm 8 puts a slash before the name', 'pnpm-lock.yaml', pnpm('/@diego/rust-mastery@1.0.0'), ['1.0.0']],
  ['pnpm 7 puts one before the version too', 'pnpm-lock.yaml', pnpm('/@diego/rust-mastery/1.0.0'), ['1.0.0']],
  [
    'pnpm may write two documents',
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'\n---\n${pnpm("'@diego/rust-mastery@1.0.0'")}`,
    ['1.0.0'],
  ],
  [
    'several hashes may be stated',
    'package-lock.json',
    `{"packages":{"node_modules/@diego/rust-mastery":{"version":"1.0.0","integrity":"sha1-x ${SHA512}"}}}`,
    ['1.0.0'],
  ],
  [
    'what npm installs at the top counts',
    'npm-shrinkwrap.json',
    JSON.stringify({
      packages: {
        'node_modules/x/node_modules/@diego/rust-mastery': { version: '2.0.0', integrity: SHA512 },
        'node_modules/@diego/rust-mastery': { version: '1.0.0', integrity: SHA512 },
      },
    }),
    ['1.0.0'],
  ],
  [
    'of two ranges that mean one version, one counts',
    'yarn.lock',
    `${yarn1(`  version "1.0.0"\n  integrity ${SHA512}\n`)}\n"@diego/rust-mastery@~1.0.0":\n  version "1.0.0"\n  integrity ${SHA512}\n`,
    ['1.0.0'],
  ],
  [
    'two versions are two',
    'pnpm-lock.yaml',
    `${pnpm("'@diego/rust-mastery@1.0.0'")}  '@diego/rust-mastery@2.0.0':\n    resolution: {integrity: ${SHA512}}\n`,
    ['1.0.0', '2.0.0'],
  ],
  [
    'bun names packages by place too',
    'bun.lock',
    `{"packages":{"a/b":["@diego/rust-mastery@1.0.0","",{},"${SHA512}"],}}`,
    ['1.0.0'],
  ],
] as const) {
  t.test(fact, async (t) => {
    const found = await lockedCourses({ fileName, text }, RUST);
    t.same(
      found.map(({ version }) => version),
      versions,
    );
  });
}

const npm = (entry: object) => JSON.stringify({ packages: { 'node_modules/@diego/rust-mastery': entry } });
const yarn4 = (checksum: string) =>
  `__metadata:\n  version: 8\n\n"@diego/rust-mastery@npm:1.0.0":\n  version: 1.0.0\n  resolution: "@diego/rust-mastery@npm:1.0.0"\n  checksum: ${checksum}\n`;
const deep = 100_000;

/** What a stranger may put above a folder, or a merge conflict may leave there. */
for (const [fact, fileName, text] of [
  ['no sha512', 'package-lock.json', npm({ version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' })],
  ['no integrity at all', 'package-lock.json', npm({ version: '1.0.0' })],
  ['a range for a version', 'package-lock.json', npm({ version: '^1.0.0', integrity: SHA512 })],
  ['a link for a package', 'package-lock.json', npm({ link: true, resolved: 'courses/rust' })],
  ['a hash that is too short', 'pnpm-lock.yaml', pnpm("'@diego/rust-mastery@1.0.0'", 'sha512-AAAA')],
  ['a conflict of git', 'package-lock.json', `<<<<<<< HEAD\n${npm({})}\n=======\n${npm({})}\n>>>>>>> main\n`],
  ['half a file', 'bun.lock', '{"packages":{"@diego/rust-mastery":["@diego/rust-mastery@1.0.0"'],
  ['an entry that is no list', 'bun.lock', '{"packages":{"@diego/rust-mastery":["@diego/rust-mastery@1.0.0"]}}'],
  ['YAML that is none', 'pnpm-lock.yaml', "packages: {'@diego/rust-mastery@1.0.0': ["],
  ['checksums without sha512', 'yarn.lock', yarn1('  version "1.0.0"\n')],
  ['Yarn with compressed archives', 'yarn.lock', yarn4(`10/${HEX}`)],
  ['a checksum of another length', 'yarn.lock', yarn4('10c0/abc')],
  ['deep JSON', 'bun.lock', `{"@diego/rust-mastery":${'['.repeat(deep)}`],
  ['deep YAML', 'pnpm-lock.yaml', `'@diego/rust-mastery': ${'['.repeat(deep)}`],
  ['a deep lockfile of Yarn', 'yarn.lock', `# @diego/rust-mastery\n__metadata: ${'{a: '.repeat(deep)}`],
  ['megabytes', 'package-lock.json', `"@diego/rust-mastery${' '.repeat(MAX_LOCKFILE_BYTES)}`],
] as const) {
  t.test(`${fact}: refused as a lockfile that cannot be read`, async (t) => {
    await t.rejects(lockedCourses({ fileName, text }, RUST), { code: 'LOCKFILE_INVALID' });
  });
}

t.test('names of an object’s own are no courses', async (t) => {
  const text = `{"packages":{"__proto__":{"version":"@diego/rust-mastery"},"constructor":1}}`;
  t.same(await lockedCourses({ fileName: 'package-lock.json', text }, RUST), []);
  t.same(await lockedCourses({ fileName: 'package-lock.json', text: '"@diego/rust-mastery"' }, RUST), []);
  t.same(await lockedCourses({ fileName: 'pnpm-lock.yaml', text: '- "@diego/rust-mastery"' }, RUST), []);
});

t.test('bytes of one version that disagree both count: neither can hide behind the other', async (t) => {
  const entry = (range: string, integrity: string) =>
    `"@diego/rust-mastery@${range}":\n  version "1.0.0"\n  integrity ${integrity}\n\n`;
  const other = `sha512-${'B'.repeat(86)}==`;
  const text = `# yarn lockfile v1\n\n\n${entry('^1.0.0', SHA512)}${entry('~1.0.0', other)}${entry('*', SHA512)}`;
  t.same(
    (await lockedCourses({ fileName: 'yarn.lock', text }, RUST)).map(({ integrity }) => integrity.value),
    [SHA512, other],
  );
});

t.test('a list is no resolution of Yarn: lists that hold each other would never end as text', async (t) => {
  const entry = (resolution: string) =>
    `__metadata:\n  version: 8\n"@diego/rust-mastery@npm:1.0.0":\n  version: 1.0.0\n  resolution: ${resolution}\n  checksum: 10c0/${HEX}\n`;
  const fileName = 'yarn.lock';
  t.same(await lockedCourses({ fileName, text: entry('["@diego/rust-mastery@npm:1.0.0"]') }, RUST), []);
  const laughs = Array.from({ length: 40 }, (_, depth) => `a${depth + 1}: &a${depth + 1} [*a${depth}, *a${depth}]\n`);
  t.same(await lockedCourses({ fileName, text: `a0: &a0 ha\n${laughs.join('')}${entry('*a40')}` }, RUST), []);
});

t.test('as many places of one course as a file holds are read', async (t) => {
  const entry = JSON.stringify({ version: '1.0.0', integrity: SHA512 });
  const places = Array.from({ length: 80_000 }, (_, at) => `"${at}/node_modules/@diego/rust-mastery":${entry}`);
  const text = `{"packages":{${places.join(',')}}}`;
  t.equal((await lockedCourses({ fileName: 'package-lock.json', text }, RUST)).length, 1);
});

t.test('a lockfile is known by its name', async (t) => {
  t.equal(lockfileNameOf('/class/package-lock.json'), 'package-lock.json');
  t.equal(lockfileNameOf('C:\\class\\yarn.lock'), 'yarn.lock');
  t.throws(() => lockfileNameOf('/class/bun.lockb'), { code: 'USAGE' });
});
