import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { progyFrom } from '@progy/protocol/client/progy-command.ts';
import t from 'tap';
import type { Environment } from '../context.ts';
import { callableIn, callableInNext, callableInNextLines, ownCommand, ownUpdate } from '../own-command.ts';

const LONG = 'npx --yes --@progy:registry=https://registry.progy.dev @progy/cli';

const started = (script: string | undefined, env: Environment = { PATH: '/usr/bin' }) => ({
  script,
  env,
  home: '/home/ana',
  platform: 'linux',
});

const IN_CLASS = 'npx --no progy';

/** Where progy was started, and how it is called again. */
const SCRIPTS: [script: string | undefined, called: string][] = [
  ['/home/ana/.npm/_npx/0f2a/node_modules/.bin/progy', LONG],
  ['C:\\Users\\ana\\AppData\\Local\\npm-cache\\_npx\\0f2a\\node_modules\\@progy\\cli\\progy.js', LONG],
  ['/home/ana/.cache/pnpm/dlx/abc/1/node_modules/@progy/cli/progy.js', LONG],
  ['/tmp/xfs-12/dlx-4711/node_modules/@progy/cli/progy.js', LONG],
  ['/tmp/bunx-0-@progy/cli@latest/node_modules/@progy/cli/progy.js', LONG],
  ['/home/ana/class/node_modules/.bin/progy', IN_CLASS],
  ['C:\\Users\\ana\\class\\node_modules\\@progy\\cli\\progy.js', IN_CLASS],
  ['/home/ana/class/node_modules/.pnpm/@progy+cli@0.1.0/node_modules/@progy/cli/progy.js', IN_CLASS],
  [undefined, 'progy'],
  ['/usr/local/bin/progy', 'progy'],
  ['/home/ana/.progy/cli/progy.js', 'progy'],
  ['/work/dlx.js/progy', 'progy'],
  ['/$bunfs/root/progy-linux-x64', 'progy'],
];
for (const [script, called] of SCRIPTS) {
  t.test(`started as ${script}, it is called ${called}`, async (t) => {
    t.equal(ownCommand(started(script)), called);
  });
}

t.test('who has progy on the PATH too calls it so, except where only npx or npm run put it there', async (t) => {
  const folder = t.testdir({});
  const programIn = async (...path: string[]) => {
    const bin = join(folder, ...path);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'progy'), '', { mode: 0o755 });
    return bin;
  };
  const [own, once] = [await programIn('bin'), await programIn('_npx', 'x', 'bin')];
  const inClass = await programIn('class', 'node_modules', '.bin');
  const script = '/home/ana/.npm/_npx/0f2a/node_modules/.bin/progy';
  t.equal(ownCommand(started(script, { PATH: once })), LONG);
  t.equal(ownCommand(started(script, { PATH: `${once}:${own}` })), 'progy');
  const running = { npm_lifecycle_event: 'start' };
  t.equal(ownCommand(started(`${inClass}/progy`, { PATH: inClass, ...running })), IN_CLASS, 'npm start');
  t.equal(ownCommand(started(`${inClass}/progy`, { PATH: inClass })), 'progy', 'the person put it there');
});

t.test('it is updated in the way in which it was got', async (t) => {
  const update = (script: string, more = {}) => ownUpdate({ ...started(script), ...more }, 'https://r.example');
  t.equal(update('/home/ana/.npm/_npx/0f2a/node_modules/.bin/progy'), `Run: ${progyFrom('https://r.example')}@latest`);
  t.equal(
    update('/usr/bin/progy'),
    'Update it with: npm install --global --@progy:registry=https://r.example @progy/cli',
  );
  for (const script of ['/home/ana/.progy/cli/progy.js', '/$bunfs/root/progy'])
    t.equal(update(script), 'Update it with: curl -fsSL https://r.example/install.sh | sh', script);
  const windows = { platform: 'win32', home: 'C:\\Users\\ana' };
  for (const script of ['C:\\Users\\ana\\AppData\\Local\\progy\\cli\\progy.js', 'B:\\~BUN\\root\\progy.exe'])
    t.equal(update(script, windows), 'Update it with: irm https://r.example/install.ps1 | iex', script);
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
  const text = 'progy teaches\nHint: progy hint 1.1\nNext: progy init @a/b\nsays progy too';
  const callable = `progy teaches\nHint: ${LONG} hint 1.1\nNext: ${LONG} init @a/b\nsays progy too`;
  t.equal(callableInNext(text, LONG), callable);
  const lines = text.split('\n').map((text) => [{ text }]);
  t.same(
    callableInNextLines(lines, LONG),
    callable.split('\n').map((text) => [{ text }]),
  );
});
