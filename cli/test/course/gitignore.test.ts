import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { GitIgnore } from '../../course/gitignore.ts';

type Tree = Record<string, string>;

function write(root: string, tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The files that are left, found as the CLI does: from the top down. */
function kept(root: string, rules = new GitIgnore(), folder = ''): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name !== '.git');
  if (names.includes('.gitignore')) rules.add(folder, readFileSync(join(root, folder, '.gitignore'), 'utf8'));
  return names.flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (!statSync(join(root, path)).isDirectory()) return rules.excludesFile(path) ? [] : [path];
    return rules.excludesFolder(path) ? [] : kept(root, rules, path);
  });
}

/** What git itself would add. */
function keptByGit(root: string): string[] {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'core.excludesFile=/dev/null', ...args], { encoding: 'utf8' });
  git('init', '--quiet', '--template=');
  return git('ls-files', '-z', '--others', '--exclude-standard').split('\0').filter(Boolean);
}

t.test('nested .gitignore files exclude what they exclude for git', async (t) => {
  const files = {
    'a.log': '',
    'b.txt': '',
    'deep/a.log': '',
    'deep/keep.log': '',
    'deep/er/a.log': '',
    'deep/er/b.txt': '',
    'build/x': '',
    'deep/er/build/x': '',
    'deep/build/x': '',
  };
  const table: Record<string, Tree> = {
    'no rules': {},
    'a name anywhere': { '.gitignore': '*.log' },
    'tied to the folder': { '.gitignore': '/a.log' },
    'a folder': { '.gitignore': 'build/' },
    'a nested rule reaches below itself only': { 'deep/.gitignore': 'a.log' },
    'a nested rule tied to its folder': { 'deep/.gitignore': '/a.log' },
    'a slash in the middle ties too': { 'deep/.gitignore': 'er/a.log' },
    'a nested rule for folders reaches deeper ones': { 'deep/.gitignore': 'build/' },
    'a nested exception': { '.gitignore': '*.log', 'deep/.gitignore': '!keep.log' },
    'a nested exception for a folder': { '.gitignore': 'build', 'deep/.gitignore': '!build/' },
    'no exception below an excluded folder': { '.gitignore': 'deep/', 'deep/.gitignore': '!keep.log' },
    'comments, blanks, Windows line ends, a byte order mark': { '.gitignore': '\ufeff# all\r\n\r\n*.log\r\n' },
    'escaped signs': { 'deep/.gitignore': '\\#x\n\\!y\n', 'deep/#x': '', 'deep/!y': '' },
    'spaces at the end do not count, escaped ones do': {
      'deep/.gitignore': 'b.txt  \nc\\ \n',
      'deep/b.txt': '',
      'deep/c ': '',
    },
    'a folder whose name holds signs of patterns': { '[x]*/.gitignore': 'a', '[x]*/a': '', '[x]*/b': '', 'x/a': '' },
    'case counts': { '.gitignore': 'A.LOG' },
    'two stars': { 'deep/.gitignore': '**/a.log' },
  };
  for (const [title, rules] of Object.entries(table)) {
    const root = t.testdir({});
    write(root, { ...files, ...rules });
    t.same(kept(root).sort(), keptByGit(root).sort(), title);
  }
});

t.test('for any rules, what is left is what git would add', async (t) => {
  const folders = fc.array(fc.constantFrom('a', 'b', 'd'), { maxLength: 3 });
  const path = fc
    .tuple(folders, fc.constantFrom('a.f', 'b.f', 'c.log'))
    .map(([above, name]) => [...above, name].join('/'));
  const rule = fc
    .tuple(
      fc.constantFrom('', '!'),
      fc.constantFrom('', '/', '**/'),
      fc.constantFrom('a', 'b', 'a.f', '*.log', 'a/b', 'd/*', 'a/**', '?'),
      fc.constantFrom('', '/'),
    )
    .map((parts) => parts.join(''));
  const rules = fc.array(rule, { maxLength: 4 }).map((lines) => lines.join('\n'));
  let run = 0;
  const top = t.testdir({});
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 12 }), rules, rules, rules, (paths, atTop, inA, inB) => {
      const root = join(top, String(run++));
      mkdirSync(root);
      write(root, Object.fromEntries(paths.map((each) => [each, ''])));
      write(root, { '.gitignore': atTop, 'a/.gitignore': inA, 'a/b/.gitignore': inB });
      return JSON.stringify(kept(root).sort()) === JSON.stringify(keptByGit(root).sort());
    }),
    { numRuns: 60 },
  );
  t.equal(run, 60);
});
