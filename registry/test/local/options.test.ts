// The command line of `npm start`.
import { resolve } from 'node:path';
import t from 'tap';
import { parseStartOptions } from '../../local/options.ts';

t.test('without options: port 8787, state in .wrangler, seeded', async (t) => {
  t.same(parseStartOptions([]), { port: 8787, state: resolve('.wrangler/state'), seed: true, vars: {} });
});

t.test('every option is read, values keep their colons', async (t) => {
  const args = ['--port', '0', '--state', '/tmp/x', '--no-seed', '--var', 'A:1', '--var', 'URL:http://a:1'];
  t.same(parseStartOptions(args), { port: 0, state: '/tmp/x', seed: false, vars: { A: '1', URL: 'http://a:1' } });
});

t.test('what makes no sense is refused', async (t) => {
  for (const args of [
    ['--port', 'x'],
    ['--port', ''],
    ['--port', '70000'],
    ['--var', 'A'],
    ['--var', ':1'],
    ['--nothing'],
    ['extra'],
  ]) {
    t.throws(() => parseStartOptions(args), args.join(' '));
  }
});
