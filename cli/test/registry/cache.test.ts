import t from 'tap';
import { cacheFolder } from '../../registry/cache.ts';

t.test('the cache is in the home folder, on Windows in the local application data', async (t) => {
  t.equal(cacheFolder('linux', {}, '/home/ana'), '/home/ana/.progy/cache/registry');
  t.equal(cacheFolder('darwin', {}, '/Users/ana'), '/Users/ana/.progy/cache/registry');
  t.equal(cacheFolder('win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\ana'), 'D:\\Local\\progy\\cache\\registry');
  t.equal(cacheFolder('win32', {}, 'C:\\Users\\ana'), 'C:\\Users\\ana\\AppData\\Local\\progy\\cache\\registry');
});
