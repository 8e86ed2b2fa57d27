import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { readCourseFolder } from '../../course/folder.ts';

const course = (more: object = {}) => JSON.stringify({ name: '@diego/rust', version: '1.0.0', ...more });
const paths = async (root: string) => (await readCourseFolder(root)).files.map(({ path }) => path);

t.test('without "files", everything belongs that .gitignore does not exclude', async (t) => {
  const root = t.testdir({
    'course.json': course(),
    '.gitignore': '*.log\ntarget/\n',
    'debug.log': '',
    target: { x: '' },
    content: { 'a.md': '', '.gitignore': 'out.txt', 'out.txt': '', '01': { 'b.rs': '' } },
  });
  t.same(await paths(root), ['.gitignore', 'content/.gitignore', 'content/01/b.rs', 'content/a.md', 'course.json']);
});

t.test('with "files", .gitignore does not count and course.json always comes', async (t) => {
  const root = t.testdir({
    'course.json': course({ files: ['content'] }),
    '.gitignore': 'content/\n',
    'README.md': '',
    content: { 'a.md': '' },
  });
  t.same(await paths(root), ['content/a.md', 'course.json']);
});

t.test('course.json comes even where .gitignore excludes it', async (t) => {
  const root = t.testdir({ 'course.json': course(), '.gitignore': '*.json\n', content: { 'a.md': '' } });
  t.same(await paths(root), ['.gitignore', 'content/a.md', 'course.json']);
});

t.test(
  'repositories, packages, secrets, packed courses, locks and junk never belong, whatever "files" says',
  async (t) => {
    const root = t.testdir({
      'course.json': course({ files: ['**'] }),
      '.git': { config: '' },
      '.env': 'KEY=1',
      '.env.local': '',
      '.DS_Store': '',
      '.npmrc': '',
      'progy-lock.json': '{}',
      'rust-0.9.0.progy': '',
      node_modules: { x: { 'index.js': '' } },
      content: {
        'a.md': '',
        node_modules: { y: '' },
        '.git': 'gitdir: ../x',
        'progy-lock.json': 'a file like any other here',
      },
    });
    t.same(await paths(root), ['content/a.md', 'content/progy-lock.json', 'course.json']);
  },
);

t.test('the exec bit is kept, other bits are not', async (t) => {
  const root = t.testdir({ 'course.json': course(), content: { 'run.sh': '#!/bin/sh\n', 'a.md': '' } });
  await chmod(join(root, 'content', 'run.sh'), 0o700);
  await chmod(join(root, 'content', 'a.md'), 0o666);
  const { files } = await readCourseFolder(root);
  t.equal(files.find(({ path }) => path === 'content/run.sh')?.mode, '100755');
  t.equal(files.find(({ path }) => path === 'content/a.md')?.mode, '100644');
});

t.test('a link that would be packed is refused by name, one that would not is none of our business', async (t) => {
  const root = t.testdir({ 'course.json': course(), '.gitignore': 'ignored\n', content: { 'a.md': '' } });
  await symlink('content', join(root, 'ignored'));
  t.same(await paths(root), ['.gitignore', 'content/a.md', 'course.json']);
  await symlink('a.md', join(root, 'content', 'link.md'));
  await t.rejects(readCourseFolder(root), {
    code: 'INVALID_ARTIFACT',
    evidence: { path: 'content/link.md' },
    message: /is a link/,
  });
});

t.test('a link to a folder that "files" reaches into is refused too', async (t) => {
  const root = t.testdir({
    'course.json': course({ files: ['content/**', 'assets/**/*'] }),
    content: { 'a.md': '' },
    real: { 'x.png': '' },
  });
  await symlink('real', join(root, 'assets'));
  await t.rejects(readCourseFolder(root), { code: 'INVALID_ARTIFACT', evidence: { path: 'assets' } });
});

t.test('names in Unicode form D come out in form C, as on every other machine', async (t) => {
  const root = t.testdir({ 'course.json': course(), content: {} });
  await writeFile(join(root, 'content', 'cafe\u0301.md'), '');
  t.same(await paths(root), ['content/caf\u00e9.md', 'course.json']);
});

t.test('a file can be left out: the one that is being written', async (t) => {
  const root = t.testdir({ 'course.json': course(), 'out.zip': '', content: { 'a.md': '' } });
  const { files } = await readCourseFolder(root, join(root, 'out.zip'));
  t.same(
    files.map(({ path }) => path),
    ['content/a.md', 'course.json'],
  );
});

t.test('likely mistakes are told: secrets that are packed, patterns without a match', async (t) => {
  const root = t.testdir({
    'course.json': course({ files: ['content', 'asets/**'] }),
    content: { 'a.md': '', id_rsa: '' },
  });
  const { warnings } = await readCourseFolder(root);
  t.match(warnings, [/asets.*matches nothing/, /content\/id_rsa looks like a secret/]);
});

t.test('a folder without a course.json says so', async (t) => {
  const root = t.testdir({ content: { 'a.md': '' } });
  await t.rejects(readCourseFolder(root), { code: 'INVALID_COURSE', message: /There is no course\.json in / });
  await mkdir(join(root, 'course.json'));
  await t.rejects(readCourseFolder(root), { code: 'EISDIR' });
});
