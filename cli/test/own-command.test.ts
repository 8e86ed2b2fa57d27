import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { callableIn, callableInNext, ownCommand } from '../own-command.ts';

const LONG = 'npx --yes --@progy:registry=https://registry.progy.dev @progy/cli';

t.test('progy that is run once is called again as a whole', async (t) => {
  for (const script of [
    '/home/ana/.npm/_npx/0f2a/node_modules/.bin/progy',
    'C:\\Users\\ana\\AppData\\Local\\npm-cache\\_npx\\0f2a\\node_modules\\@progy\\cli\\progy.js',
    '/home/ana/.cache/pnpm/dlx/abc/1/node_modules/@progy/cli/progy.js',
    '/tmp/xfs-12/dlx-4711/node_modules/@progy/cli/progy.js',
    '/tmp/bunx-0-@progy/cli@latest/node_modules/@progy/cli/progy.js',
  ])
    t.equal(ownCommand(script, { PATH: '/usr/bin' }, 'linux'), LONG, script);
});

t.test('progy that is installed is progy', async (t) => {
  for (const script of [undefined, '/usr/local/bin/progy', '/home/ana/.progy/cli/progy.js', '/work/dlx.js/progy'])
    t.equal(ownCommand(script, { PATH: '/usr/bin' }, 'linux'), 'progy', String(script));
});

t.test('who has both has progy, except where only npx put it on the PATH', async (t) => {
  const folder = t.testdir({});
  const programIn = async (...path: string[]) => {
    const bin = join(folder, ...path);
    await mkdir(bin, { recursive: true });
    for (const name of ['progy', 'progy.cmd']) await writeFile(join(bin, name), '');
    await chmod(join(bin, 'progy'), 0o755);
    return bin;
  };
  const own = await programIn('bin');
  const lent = [await programIn('_npx', 'x', 'bin'), await programIn('class', 'node_modules', '.bin')];
  const script = '/home/ana/.npm/_npx/0f2a/node_modules/.bin/progy';
  t.equal(ownCommand(script, { PATH: lent.join(':') }, 'linux'), LONG);
  t.equal(ownCommand(script, { PATH: [...lent, own].join(':') }, 'linux'), 'progy');
});

t.test('commands in sentences become callable, and nothing else does', async (t) => {
  for (const [sentence, expected] of [
    ['Sign in with: progy login', `Sign in with: ${LONG} login`],
    ['See: progy --help', `See: ${LONG} --help`],
    ['progy init @a/b, or progy search', `${LONG} init @a/b, or ${LONG} search`],
    ['progy', 'progy'],
    ['npx @progy/cli init', 'npx @progy/cli init'],
    ['git checkout -- progy-lock.json', 'git checkout -- progy-lock.json'],
    ['cd my-progy course', 'cd my-progy course'],
  ] as const)
    t.equal(callableIn(sentence, LONG), expected);
  t.equal(callableIn('See: progy --help', 'progy'), 'See: progy --help');
});

t.test('of a longer text only the lines with the next step change', async (t) => {
  const text = 'progy teaches\nNext: progy init @a/b\nsays progy too';
  t.equal(callableInNext(text, LONG), `progy teaches\nNext: ${LONG} init @a/b\nsays progy too`);
});
