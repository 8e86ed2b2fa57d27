import t from 'tap';
import { cacheFolder, cacheLimit, parseSize } from '../../registry/cache.ts';

t.test('the cache is in the home folder, on Windows in the local application data', async (t) => {
  t.equal(cacheFolder('linux', {}, '/home/ana'), '/home/ana/.progy/cache/registry');
  t.equal(cacheFolder('darwin', {}, '/Users/ana'), '/Users/ana/.progy/cache/registry');
  t.equal(cacheFolder('win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\ana'), 'D:\\Local\\progy\\cache\\registry');
  t.equal(cacheFolder('win32', {}, 'C:\\Users\\ana'), 'C:\\Users\\ana\\AppData\\Local\\progy\\cache\\registry');
});

t.test('a size is a number with a unit, or bytes', async (t) => {
  const sizes = { '1000': 1000, '500 MB': 500e6, '2GB': 2e9, '1.5g': 1.5e9, '10kb': 10_000, '0': 0, ' 3 b ': 3 };
  for (const [text, bytes] of Object.entries(sizes)) t.equal(parseSize(text), bytes, text);
  for (const text of ['', 'much', '-1', '1 TB', '1e9', '1..5', '9'.repeat(30)]) {
    t.throws(() => parseSize(text), { code: 'USAGE' }, text);
  }
});

t.test('the limit comes from the environment, then from .npmrc, and is 1 GB otherwise', async (t) => {
  const home = t.testdir({ '.npmrc': '@progy:cache-size=20MB\n' });
  t.equal(await cacheLimit({ env: { PROGY_CACHE_SIZE: '5 MB' }, home }), 5e6);
  t.equal(await cacheLimit({ env: {}, home }), 20e6);
  t.equal(await cacheLimit({ env: {}, home: `${home}/nobody` }), 1e9);
});
