import t from 'tap';
import { latestRank, parseDistTag, parseVersion, tryParseVersion, versionsIn } from '../../course/version.ts';

t.test('parseVersion: strict semver without build metadata', async (t) => {
  const table: Record<string, boolean> = {
    '1.0.0': true,
    '0.0.1-alpha.1': true,
    '10.20.30': true,
    'v1.0.0': false,
    ' 1.0.0': false,
    '1.0': false,
    '01.0.0': false,
    '1.0.0+build.5': false,
    '1.x': false,
    '': false,
    '١.٠.٠': false,
    '99999999999999999999.0.0': false,
  };
  for (const [version, valid] of Object.entries(table)) t.equal(tryParseVersion(version) !== undefined, valid, version);
  t.equal(tryParseVersion(1), undefined);
  t.equal(tryParseVersion(`1.0.0-${'a'.repeat(300)}`), undefined);
});

t.test('latestRank: as text, stable versions rank by number, prereleases alike below them', async (t) => {
  const rank = (version: string) => latestRank(parseVersion(version));
  const rising = ['0.0.0', '0.0.9', '0.0.10', '0.9.0', '0.10.0', '9.0.0', '10.0.0', '10.0.9007199254740991'];
  t.same(rising.map(rank), rising.map(rank).toSorted());
  t.equal(new Set(rising.map(rank)).size, rising.length);
  t.equal(rank('2.0.0-beta.1'), rank('1.0.0-alpha'));
  t.ok(rank('99.0.0-rc.1') < rank('0.0.0'));
});

t.test('versionsIn: what a range means, prereleases too; a tag is no range', async (t) => {
  const versions = ['1.0.0', '1.1.0', '2.0.0-beta.1', '2.0.0'];
  const table: [range: string, meant: string[] | undefined][] = [
    ['*', versions],
    ['^1', ['1.0.0', '1.1.0']],
    ['1.1.0', ['1.1.0']],
    ['<1.1 || >2', ['1.0.0']],
    ['>=2.0.0-alpha', ['2.0.0-beta.1', '2.0.0']],
    ['<2', ['1.0.0', '1.1.0']],
    ['^9', []],
    ['beta', undefined],
  ];
  for (const [range, meant] of table) t.same(versionsIn(range, versions), meant, range);
});

t.test('parseDistTag: words pass, what reads as a range does not', async (t) => {
  for (const tag of ['latest', 'beta', 'fall-2026', 'next_1']) t.equal(parseDistTag(tag), tag);
  for (const tag of ['v1', '2026', '1.x', 'x', '*', '', 'a b', '../x', 'a'.repeat(200), 7]) {
    t.throws(() => parseDistTag(tag), { code: 'INVALID_TAG' }, String(tag));
  }
});
