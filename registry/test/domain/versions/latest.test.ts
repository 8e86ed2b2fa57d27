// Which version `latest` names: every case of its rule, in each form that the rule has.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { latestRank, parseVersion } from '@progy/protocol/course/version.ts';
import t from 'tap';
import { openDatabase } from '../../../database/database.ts';
import { takeLatest } from '../../../database/publish/take-latest.ts';
import type { PackageStates, TagMove, VersionState } from '../../../database/versions/version-states.ts';
import { movedTags, movesOfYank, tagMoves, takesLatest } from '../../../domain/versions/latest.ts';
import { openRegistry } from '../../harness.ts';

/** A version as tables here write it: `1.0.0`, or `1.0.0 yanked`, or `1.0.0 yanked: why`. */
function stateOf(text: string): VersionState {
  const [version = '', , reason = ''] = text.split(/ (yanked)(?:: )?/);
  const yanked = text.includes(' yanked') ? reason : null;
  const rank = latestRank(parseVersion(version));
  return { id: `id of ${version}`, version, latestRank: rank, deprecated: null, yanked, createdAt: new Date(0) };
}

function statesOf(distTags: Record<string, string>, versions: readonly string[]): PackageStates {
  const row = {} as PackageStates['package'];
  return { name: parsePackageName('@diego/rust'), package: row, distTags, versions: versions.map(stateOf) };
}

/** `becomes`: whether a version that comes is `latest` after, asked for and under another tag. */
const COMES: [named: string | undefined, comes: string, becomes: boolean, underAnotherTag: boolean][] = [
  [undefined, '1.0.0', true, true],
  [undefined, '1.0.0-beta.1', true, true],
  ['1.0.0', '1.0.1', true, false],
  ['1.9.0', '1.10.0', true, false],
  ['9.0.0', '10.0.0', true, false],
  ['2.0.0', '1.9.9', false, false],
  ['1.0.0', '1.0.1-beta.1', false, false],
  ['1.0.0-beta.1', '1.0.0-beta.2', false, false],
  ['1.0.0-beta.1', '0.1.0', true, false],
  ['2.0.0 yanked', '1.0.0', true, true],
  ['2.0.0 yanked: why', '1.0.0', true, true],
  ['2.0.0 yanked', '1.0.0-beta.1', true, true],
  ['2.0.0-beta.1 yanked: why', '0.1.0', true, true],
];

t.test('a version that comes takes latest from nobody, from a lower rank, and from what is yanked', async (t) => {
  for (const [named, comes, becomes, underAnotherTag] of COMES) {
    const before = named === undefined ? undefined : stateOf(named);
    const title = `${comes} after ${named}`;
    t.equal(takesLatest(stateOf(comes), before, true), becomes, title);
    t.equal(takesLatest(stateOf(comes), before, false), underAnotherTag, `${title}, under another tag`);
  }
});

t.test('the commit of a publish decides the same', async (t) => {
  const { DB } = (await openRegistry(t)).env;
  const db = openDatabase(DB);
  const run = (sql: string, ...values: unknown[]) =>
    DB.prepare(sql)
      .bind(...values)
      .run();
  await run(
    "INSERT INTO user (id, name, email, username, created_at, updated_at) VALUES ('d', 'd', 'd@example.com', 'diego', 0, 0)",
  );
  const cases = COMES.flatMap(([named, comes, becomes, underAnotherTag]) => [
    { named, comes, asks: true, becomes },
    { named, comes, asks: false, becomes: underAnotherTag },
  ]);
  for (const [number, { named, comes, asks, becomes }] of cases.entries()) {
    const name = parsePackageName(`@diego/course-${number}`);
    await run("INSERT INTO registry_packages (id, user_id, name, slug) VALUES (?1, 'd', ?1, ?2)", name.full, name.slug);
    const insert = async (text: string, id: string) => {
      const { version, latestRank: rank, yanked } = stateOf(text);
      await run(
        `INSERT INTO registry_versions (id, package_id, version, latest_rank, storage_key, size_bytes, checksum, integrity,
           tarball_key, tarball_size, tarball_integrity, shasum, file_count, unpacked_size, tree, manifest, yanked, publisher_id)
         VALUES (?1, ?2, ?3, ?4, ?1, 1, '', '', ?1, 1, '', '', 1, 1, '', '{}', ?5, 'd')`,
        id,
        name.full,
        version,
        rank,
        yanked,
      );
      return { id, latestRank: rank };
    };
    const before = named === undefined ? undefined : await insert(named, `${name.full} before`);
    if (before !== undefined)
      await run(
        "INSERT INTO registry_dist_tags (package_id, tag, version_id) VALUES (?, 'latest', ?)",
        name.full,
        before.id,
      );
    const coming = await insert(comes, `${name.full} coming`);
    await takeLatest(db, name, coming, asks);
    const tag = await DB.prepare("SELECT version_id FROM registry_dist_tags WHERE package_id = ? AND tag = 'latest'")
      .bind(name.full)
      .first('version_id');
    t.equal(tag, becomes ? coming.id : before?.id, `${comes} after ${named}${asks ? '' : ', under another tag'}`);
  }
});

const tagsAfter = (states: PackageStates, moves: readonly TagMove[]) => movedTags(states, moves);

t.test('of the versions that are left the best gets latest, and other tags go away', async (t) => {
  const tags = { latest: '2.0.0', fall: '2.0.0', spring: '1.0.0' };
  const table: [title: string, after: string[], expected: Record<string, string>][] = [
    ['nothing changed', ['1.0.0', '2.0.0'], tags],
    ['gone', ['1.0.0', '1.1.0'], { latest: '1.1.0', spring: '1.0.0' }],
    ['yanked', ['1.0.0', '1.1.0', '2.0.0 yanked'], { latest: '1.1.0', spring: '1.0.0' }],
    ['numbers are compared as numbers', ['1.0.0', '1.9.0', '1.10.0'], { latest: '1.10.0', spring: '1.0.0' }],
    ['a stable version before a prerelease', ['1.0.0', '3.0.0-beta.1'], { latest: '1.0.0', spring: '1.0.0' }],
    ['a prerelease before a yanked one', ['1.0.0 yanked', '3.0.0-beta.1'], { latest: '3.0.0-beta.1' }],
    ['the highest prerelease', ['3.0.0-beta.2', '3.0.0-beta.10'], { latest: '3.0.0-beta.10' }],
    ['all yanked: latest stays', ['1.0.0 yanked', '2.0.0 yanked: why'], { latest: '2.0.0' }],
    ['all yanked and it is gone', ['1.0.0 yanked', '1.1.0 yanked'], { latest: '1.1.0' }],
    ['nothing left', [], {}],
  ];
  for (const [title, after, expected] of table) {
    const states = statesOf(tags, ['1.0.0', '2.0.0', ...after.map((text) => text.split(' ')[0] ?? '')]);
    t.same(tagsAfter(states, tagMoves(states, after.map(stateOf))), expected, title);
  }
});

t.test('a version that comes back from a yank is latest again where a publish of it would be', async (t) => {
  const table: [title: string, versions: string[], latest: string, back: string, expected: string][] = [
    ['it is higher', ['1.0.0', '1.1.0 yanked'], '1.0.0', '1.1.0', '1.1.0'],
    ['it is lower', ['1.0.0 yanked', '1.1.0'], '1.1.0', '1.0.0', '1.1.0'],
    ['it is a prerelease', ['1.0.0', '2.0.0-beta.1 yanked'], '1.0.0', '2.0.0-beta.1', '1.0.0'],
    ['latest is a prerelease', ['1.0.0-beta.1', '0.1.0 yanked'], '1.0.0-beta.1', '0.1.0', '0.1.0'],
    ['all were yanked', ['1.0.0 yanked', '2.0.0 yanked'], '2.0.0', '1.0.0', '1.0.0'],
    ['it was latest all the time', ['1.0.0 yanked', '2.0.0 yanked'], '2.0.0', '2.0.0', '2.0.0'],
  ];
  for (const [title, versions, latest, back, expected] of table) {
    const states = statesOf({ latest }, versions);
    const changing = states.versions.find(({ version }) => version === back) ?? stateOf(back);
    const others = states.versions.filter(({ version, yanked }) => version === latest && yanked === null);
    t.same(tagsAfter(states, movesOfYank(states, changing, null)), { latest: expected }, title);
    const published = takesLatest({ ...changing }, others[0], true);
    t.equal(published ? back : latest, expected, `${title}, as a publish`);
  }
});

t.test('a version that is yanked gives latest and its other tags away', async (t) => {
  const states = statesOf({ latest: '1.1.0', fall: '1.1.0' }, ['1.0.0', '1.1.0']);
  const [, changing = stateOf('1.1.0')] = states.versions;
  t.same(tagsAfter(states, movesOfYank(states, changing, 'why')), { latest: '1.0.0' });
});
