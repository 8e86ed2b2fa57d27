import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import cacache from 'cacache';
import t, { type Test } from 'tap';
import { contentPath } from '../../cache/content.ts';
import { whileInUse } from '../../cache/in-use.ts';
import { keepWithin, removeAll } from '../../cache/tidy.ts';

const KB = 1000;

/** A cache with content of 1 kB each, of which the first was used last. */
async function filled(t: Test, ...keys: string[]) {
  const folder = t.testdir({});
  const integrities = new Map<string, string>();
  for (const [age, key] of keys.entries()) {
    const integrity = (await cacache.put(folder, key, key.padEnd(KB))).toString();
    const usedAt = new Date(Date.now() - age * 60_000);
    await utimes(contentPath(folder, integrity), usedAt, usedAt);
    integrities.set(key, integrity);
  }
  const left = async () => Object.keys(await cacache.ls(folder)).sort();
  return { folder, left, integrity: (key: string) => integrities.get(key) ?? '' };
}

t.test('what was used least recently goes first, until the rest is small enough', async (t) => {
  const { folder, left } = await filled(t, 'a', 'b', 'c', 'd');
  t.same(await keepWithin(folder, 4 * KB), { removed: 0, freed: 0, size: 4 * KB });
  t.same(await keepWithin(folder, 2.5 * KB), { removed: 2, freed: 2 * KB, size: 2 * KB });
  t.same(await left(), ['a', 'b']);
  t.same(await keepWithin(`${folder}/nothing`, 0), { removed: 0, freed: 0, size: 0 });
});

t.test('what this process uses stays, until it is done', async (t) => {
  const { folder, left, integrity } = await filled(t, 'a', 'b', 'c');
  await whileInUse(folder, integrity('c'), () => keepWithin(folder, 0));
  t.same(await left(), ['c']);
  await removeAll(folder);
  t.same(await left(), []);
});

/** A process that uses content until it is killed. */
async function user(t: Test, folder: string, integrity: string) {
  const inUse = new URL('../../cache/in-use.ts', import.meta.url).href;
  const code = `const { whileInUse } = await import(${JSON.stringify(inUse)});
    await whileInUse(${JSON.stringify(folder)}, ${JSON.stringify(integrity)}, async () => {
      process.stdout.write('using');
      await new Promise((resolve) => process.stdin.on('end', resolve).resume());
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

t.test('what another process uses stays, and what one used that was killed does not', async (t) => {
  const { folder, left, integrity } = await filled(t, 'a', 'b');
  const other = await user(t, folder, integrity('b'));
  await keepWithin(folder, 0);
  t.same(await left(), ['b']);
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
  await keepWithin(folder, 0);
  t.same(await left(), []);
  t.same(await readdir(join(folder, 'in-use')), []);
});

t.test('half downloads count, and those of running processes stay', async (t) => {
  const { folder } = await filled(t, 'a');
  const parts = join(folder, 'parts');
  await mkdir(parts);
  await writeFile(join(parts, 'aa.ZXRhZw'), 'free'.padEnd(KB));
  const { newMark } = await import('../../process-mark.ts');
  const mine = `bb.ZXRhZw.${newMark()}`;
  await writeFile(join(parts, mine), 'mine'.padEnd(KB));
  t.same(await removeAll(folder), { removed: 2, freed: 2 * KB, size: KB });
  t.same(await readdir(parts), [mine]);
});
