import t from 'tap';
import { count, formatSize, shellWord } from '../format.ts';

t.test('sizes have one decimal and the unit that fits', async (t) => {
  const table: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [3_200_000, '3.2 MB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [104_857_600, '104.9 MB'],
    [5_000_000_000_000, '5000.0 GB'],
  ];
  for (const [bytes, text] of table) t.equal(formatSize(bytes), text);
});

t.test('one file, two files', async (t) => {
  t.equal(count(1, 'file'), '1 file');
  t.equal(count(0, 'file'), '0 files');
});

t.test('a word is quoted for the shell only if it must be', async (t) => {
  t.equal(shellWord('rust-mastery'), 'rust-mastery');
  t.equal(shellWord('my course'), '"my course"');
  t.equal(shellWord('a$(b)"c'), '"a\\$(b)\\"c"');
});
