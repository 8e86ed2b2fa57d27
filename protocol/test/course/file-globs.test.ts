import fc from 'fast-check';
import picomatch from 'picomatch';
import t from 'tap';
import { selectByGlobs } from '../../course/file-globs.ts';

const PATHS = ['README.md', 'content/a.md', 'content/01/b.rs', 'content/.gitignore', 'drafts/x.md', 'runner/check.sh'];

t.test('"files" takes globs, folders by name, and exceptions', async (t) => {
  const table: [string[], string[]][] = [
    [['content/**/*'], ['content/a.md', 'content/01/b.rs', 'content/.gitignore']],
    [['content'], ['content/a.md', 'content/01/b.rs', 'content/.gitignore']],
    [
      ['./content/', '/README.md'],
      ['README.md', 'content/a.md', 'content/01/b.rs', 'content/.gitignore'],
    ],
    [
      ['**/*.md', '!drafts'],
      ['README.md', 'content/a.md'],
    ],
    [['*.md'], ['README.md']],
    [['content/*'], ['content/a.md', 'content/.gitignore', 'content/01/b.rs']],
    [['!drafts/**'], ['README.md', 'content/a.md', 'content/01/b.rs', 'content/.gitignore', 'runner/check.sh']],
    [['.'], PATHS],
    [[], PATHS],
  ];
  for (const [globs, taken] of table) {
    const selection = selectByGlobs(globs);
    t.same(PATHS.filter((path) => selection.takesFile(path)).sort(), [...taken].sort(), JSON.stringify(globs));
  }
});

t.test('a pattern that matched nothing is named', async (t) => {
  const selection = selectByGlobs(['content/**', 'asets/**', '!drafts']);
  for (const path of PATHS) selection.takesFile(path);
  t.same(selection.unused(), ['asets/**']);
});

/** Pieces of which globs are made; some of what comes of them is odd. */
const globPieces = fc.constantFrom(
  'a',
  'b',
  'ab',
  '.',
  '*',
  '?',
  '**/',
  '/',
  '{a,b}',
  '{ab,b/a}',
  '[ab]',
  '[^a]',
  '[a-c]',
  '\\*',
);
/** Names of only dots are invalid. If `**` touches a name, or ends a glob after `*`, picomatch differs. */
const ODD = /(?:^|\/)\.+(?:$|\/)|\/\/|[^/]\*\*|\*\*[^/]|\*(?:\/\*\*)+\/*$/;
const globTexts = fc
  .array(globPieces, { minLength: 1, maxLength: 7 })
  .map((pieces) => pieces.join(''))
  .filter((glob) => glob.replaceAll('/', '') !== '' && !ODD.test(glob));
const names = fc.stringMatching(/^[ab.]{0,2}[ab*c]{1,2}$/);
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

t.test('globs mean what picomatch takes them for', async (t) => {
  fc.assert(
    fc.property(globTexts, paths, (glob, path) => {
      const pattern = glob.replace(/^\/+/, '').replace(/\/+$/, '');
      const expected = picomatch([pattern, `${pattern}/**`], { dot: true, nonegate: true, windows: false })(path);
      t.equal(selectByGlobs([glob]).takesFile(path), expected, `${glob} ${path}`);
    }),
    { numRuns: 3_000 },
  );
});

t.test('globs that would keep a regular expression busy for hours are matched at once, or refused', async (t) => {
  const long = 'a'.repeat(250);
  t.notOk(selectByGlobs([`${'*a'.repeat(60)}*b`]).takesFile(long));
  t.notOk(selectByGlobs([`${'**/a/'.repeat(50)}b`]).takesFile('a/'.repeat(99).concat('c')));
  t.throws(() => selectByGlobs(['{a,b}'.repeat(7)]), { code: 'INVALID_COURSE', message: /100 alternatives/ });
  t.notOk(selectByGlobs(['{a,'.repeat(150)]).takesFile('x/y'));
  const slow = selectByGlobs(Array(1_000).fill(`${'*a'.repeat(100)}*b`));
  const askAll = () => Array.from({ length: 20_000 }, (_, i) => slow.takesFile(`${long}${i}`));
  t.throws(askAll, { code: 'INVALID_COURSE', message: /take too long/ });
});
