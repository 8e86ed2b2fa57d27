import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import t from 'tap';
import { checkOutsideNodeModules } from '../inside-node-modules.ts';
import { main } from '../main.ts';
import { checkTarget } from '../student/target.ts';

for (const [folder, above] of [
  ['/home/ana/class/node_modules/@diego/rust', '/home/ana/class/'],
  ['/home/ana/class/node_modules', '/home/ana/class/'],
  ['C:\\Users\\ana\\class\\node_modules\\@diego\\rust\\content', 'C:\\Users\\ana\\class\\'],
  ['/a/node_modules/.pnpm/x/node_modules/@diego/rust', '/a/'],
] as const) {
  t.test(`${folder} is inside node_modules, and the way out is ${above}`, async (t) => {
    t.throws(() => checkOutsideNodeModules(folder), {
      code: 'INSIDE_NODE_MODULES',
      next: new RegExp(`Go to ${RegExp.escape(above)}, `),
    });
  });
}

t.test('other folders are fine', async (t) => {
  for (const folder of ['/', '/home/ana/class', '/home/my_node_modules/x', 'C:\\node_modules2'])
    t.doesNotThrow(() => checkOutsideNodeModules(folder), folder);
});

t.test('no command runs in there, and help does', async (t) => {
  const cwd = join(t.testdir({}), 'node_modules', '@diego', 'rust');
  await mkdir(cwd, { recursive: true });
  const progy = async (...argv: string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const surroundings = {
      cwd,
      env: {},
      stdin: Readable.from([]),
      stdout,
      stderr,
      signal: new AbortController().signal,
    };
    return { code: await main(argv, surroundings), said: `${stdout.read() ?? ''}${stderr.read() ?? ''}` };
  };
  for (const argv of [['init', '@diego/rust'], ['pack'], ['classroom', 'start']]) {
    const { code, said } = await progy(...argv);
    t.equal(code, 1);
    t.match(said, /INSIDE_NODE_MODULES\)\nNext: Go to .+, then start your own copy: npm start/, argv.join(' '));
  }
  t.equal((await progy('init', '--help')).code, 0);
});

t.test('no course is started in there', async (t) => {
  await t.rejects(checkTarget('/class/node_modules/mine'), { code: 'INSIDE_NODE_MODULES' });
});
