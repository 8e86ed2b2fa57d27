import t from 'tap';
import { selectByGlobs } from '../file-selection.ts';

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
