import fc from 'fast-check';
import t from 'tap';
import {
  checkCollisions,
  checkPath,
  checkRequired,
  comparePaths,
  countingUpTo,
  isNeverPacked,
  pathProblem,
} from '../../course/course-files.ts';
import { collect, inPieces } from '../helpers/files.ts';

t.test('pathProblem', async (t) => {
  const refused: Record<string, RegExp> = {
    '': /is empty/,
    '/x': /is absolute/,
    '//server/x': /is absolute/,
    '.': /leaves the course folder/,
    '..': /leaves the course folder/,
    'a/../x': /leaves the course folder/,
    './x': /leaves the course folder/,
    '．．/x': /leaves the course folder/,
    '‥/x': /leaves the course folder/,
    'a／..／x': /leaves the course folder/,
    '℀': /leaves the course folder/,
    'a//x': /has an empty part/,
    'a/': /has an empty part/,
    'C:/x': /not every system can store/,
    'a\\x': /not every system can store/,
    'a:stream': /not every system can store/,
    'a<b': /not every system can store/,
    'a?': /not every system can store/,
    'a\0b': /not every system can store/,
    'a\u009bb': /not every system can store/,
    'a\u200bb': /has an invisible character/,
    'a\u202eb': /has an invisible character/,
    '\ufeffa': /has an invisible character/,
    'a\ud800': /has an invisible character/,
    'cafe\u0301': /is not in Unicode normal form C/,
    'x.': /ends with a dot or a space/,
    'x ': /ends with a dot or a space/,
    'a./x': /ends with a dot or a space/,
    CON: /Windows reserves/,
    'nul.txt': /Windows reserves/,
    'a/com1': /Windows reserves/,
    'LPT¹': /Windows reserves/,
    '.git': /git would treat it as a repository/,
    'a/.GIT/config': /git would treat it as a repository/,
    'git~1': /Windows reads it as \.git/,
    'GIT~1/config': /Windows reads it as \.git/,
    'node_modules/x': /packages are installed/,
    'a/.npmrc': /configure npm/,
    '.yarnrc.yml': /configure yarn/,
    '.pnpmfile.cjs': /pnpm would run it/,
    'bunfig.toml': /configure bun/,
    '.progy/x': /reserved for the registry/,
    '.Progy': /reserved for the registry/,
    'progy-lock.json': /reserved for progy init/,
    ['x'.repeat(256)]: /longer than 255 bytes/,
    ['é'.repeat(128)]: /longer than 255 bytes/,
    [`${'a/'.repeat(512)}x`]: /longer than 1024 bytes/,
    [`${'a/'.repeat(100)}x`]: /deeper than 100 folders/,
  };
  for (const [path, problem] of Object.entries(refused)) {
    t.match(pathProblem(path), problem, JSON.stringify(path.slice(0, 30)));
  }

  const accepted = [
    'course.json',
    'content/01_start/exercise.rs',
    '.gitignore',
    '.github/workflows/test.yml',
    'package.json',
    'a/.progy/x',
    'a/progy-lock.json',
    'console.log',
    'nullable.rs',
    '...hidden',
    'a..b',
    '%2e%2e/x',
    '~/x',
    '$HOME',
    '-rf',
    'a b',
    'café',
    '日本語/🦀.rs',
    '__proto__',
    'git~10',
    'x'.repeat(255),
    `${'a/'.repeat(99)}x`,
  ];
  for (const path of accepted) t.equal(pathProblem(path), undefined, path.slice(0, 30));
});

t.test('checkPath: the error has the path without what would act on a terminal', async (t) => {
  t.throws(() => checkPath('a\u001b[31m'), {
    code: 'INVALID_ARTIFACT',
    evidence: { path: 'a\\u{1b}[31m', problem: 'has a character that not every system can store' },
  });
  t.throws(() => checkPath(`${'x'.repeat(300)}\u001b`), {
    code: 'INVALID_ARTIFACT',
    evidence: { path: 'x'.repeat(200) },
  });
});

t.test('checkCollisions', async (t) => {
  const refused: [RegExp, string[]][] = [
    [/is the same file as/, ['a', 'a']],
    [/is the same file as/, ['README', 'readme']],
    [/is the same file as/, ['straße', 'STRASSE']],
    [/is the same file as/, ['straße', 'strasse']],
    [/is the same file as/, ['\u212a', 'k']],
    [/is the same file as/, ['ﬁle', 'file']],
    [/is the same file as/, ['ſ', 'S']],
    [/is the same file as/, ['a/b/c', 'x', 'a/b/C']],
    [/is a file and a folder at once/, ['a', 'a/b']],
    [/is a file and a folder at once/, ['a/b', 'a']],
    [/is a file and a folder at once/, ['A', 'a/b']],
    [/is a file and a folder at once/, ['a', 'a!', 'a-b', 'a.b', 'a/b']],
    [/is a file and a folder at once/, ['a', 'a/']],
    [/shares a folder with/, ['Docs/a', 'docs/b']],
    [/shares a folder with/, ['a/B/x', 'a/b/y/z', 'q']],
    [/is the same file as/, ['docs/', 'DOCS/']],
  ];
  for (const [problem, paths] of refused) {
    t.throws(() => checkCollisions(paths), { code: 'INVALID_ARTIFACT', message: problem }, paths.join(' '));
    t.throws(() => checkCollisions(paths.toReversed()), { code: 'INVALID_ARTIFACT' }, 'in any order');
  }

  const accepted = [
    [],
    ['a'],
    ['a', 'b'],
    ['a/b', 'a/c', 'a/d/e'],
    ['ab', 'a/b', 'a.b'],
    ['a/x', 'b/x'],
    ['a/', 'a/b'],
  ];
  for (const paths of accepted) t.doesNotThrow(() => checkCollisions(paths), paths.join(' '));
});

t.test('checkCollisions finds in any set of paths what comparing each with each would find', async (t) => {
  const segment = fc.constantFrom('a', 'A', 'b', 'ß', 'ss', 'a!', 'é');
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
  fc.assert(
    fc.property(fc.array(path, { maxLength: 6 }), (paths) => {
      const found = throws(() => checkCollisions(paths));
      const collides = paths.some((a, i) => paths.some((b, j) => i < j && throws(() => checkCollisions([a, b]))));
      t.equal(found, collides, paths.join(' '));
    }),
    { numRuns: 300 },
  );
});

function throws(action: () => void): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}

t.test('checkRequired: course.json at the root and something in content/', async (t) => {
  t.doesNotThrow(() => checkRequired(['course.json', 'content/x']));
  const table: [string[], Record<string, string>][] = [
    [[], { path: 'course.json' }],
    [['content/x'], { path: 'course.json' }],
    [['content/x', 'my-course/course.json'], { path: 'course.json', found: 'my-course/course.json' }],
    [['content/x', 'Course.json'], { path: 'course.json', found: 'Course.json' }],
    [['course.json'], { path: 'content/' }],
    [['course.json', 'Content/x', 'a/content/x', 'contents'], { path: 'content/' }],
  ];
  for (const [paths, evidence] of table) {
    t.throws(() => checkRequired(paths), { code: 'INVALID_COURSE', evidence }, paths.join(' '));
  }
});

t.test('isNeverPacked: repositories, packages, secrets, packed courses, what systems leave behind', async (t) => {
  const never = [
    '.git/config',
    'a/.git',
    'node_modules/x/index.js',
    '.npmrc',
    '.env',
    '.env.local',
    '.envrc',
    'a/.ENV.production',
    'rust-mastery-1.0.0.progy',
    '.DS_Store',
    'a/Thumbs.db',
    '__MACOSX/x',
    '._resource',
    'progy-lock.json',
  ];
  for (const path of never) t.equal(isNeverPacked(path), true, path);
  const packed = ['course.json', '.gitignore', 'environment', 'progy', 'a/progy-lock.json', '.github/x'];
  for (const path of packed) t.equal(isNeverPacked(path), false, path);
});

t.test('comparePaths orders as UTF-8 bytes do', async (t) => {
  t.same(['b', 'a/b', 'a', 'a.b', 'Z', 'é', 'z', '🦀', '\uffee'].sort(comparePaths), [
    ...['Z', 'a', 'a.b', 'a/b', 'b', 'z', 'é', '\uffee', '🦀'],
  ]);
  fc.assert(
    // fast-check names what fails: in the title of an assertion, some characters break the report.
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (a, b) => Math.sign(comparePaths(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b)),
    ),
    { numRuns: 300 },
  );
});

t.test('countingUpTo passes what fits and stops at the first byte too many', async (t) => {
  const bytes = Buffer.from('0123456789');
  t.ok((await collect(countingUpTo(inPieces(bytes, 3), 10))).equals(bytes));
  await t.rejects(collect(countingUpTo(inPieces(bytes, 3), 9)), { code: 'PAYLOAD_TOO_LARGE', evidence: { limit: 9 } });
});
