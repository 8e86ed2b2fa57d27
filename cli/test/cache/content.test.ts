import { readFile, stat } from 'node:fs/promises';
import cacache from 'cacache';
import t from 'tap';
import { contentFiles, contentPath, markUsed } from '../../cache/content.ts';

t.test('content is where cacache puts it, and is found with its hash, size and last use', async (t) => {
  const folder = t.testdir({});
  t.same(await contentFiles(`${folder}/nothing`), []);
  for (const text of ['one', 'another']) {
    const integrity = (await cacache.put(folder, text, text)).toString();
    const path = contentPath(folder, integrity);
    t.equal(path, (await cacache.get.info(folder, text))?.path);
    t.equal(await readFile(path, 'utf8'), text);
    const found = (await contentFiles(folder)).find((file) => file.integrity === integrity);
    t.match(found, { path, size: text.length, usedAt: (await stat(path)).mtime });
  }
});

t.test('what is used now was last used now', async (t) => {
  const folder = t.testdir({});
  const integrity = (await cacache.put(folder, 'key', 'text')).toString();
  const before = Date.now();
  await markUsed(folder, integrity);
  t.ok(((await contentFiles(folder))[0]?.usedAt.getTime() ?? 0) >= before - 1);
  await markUsed(folder, 'sha512-AAAA');
});
