// /downloads/point, /downloads/range and /versions: npm's downloads API, from the counters that installs move.

import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';

const DAY_MS = 86_400_000;
const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const RUST = parsePackageName('@diego/rust');
for (const version of ['1.0.0', '1.1.0']) await registry.publish(diego, await packCourse(RUST.full, version));

/** `2026-11-24`, that many days before today. */
function day(before: number): string {
  return new Date(Date.now() - before * DAY_MS).toISOString().slice(0, 10);
}

async function point(period: string, name = RUST.full): Promise<unknown> {
  return (await registry.json(`/downloads/point/${period}/${name}`)).body.downloads;
}

/** Counters as they would have been left by earlier days. */
async function downloadedBefore(days: number, count: number, version = '1.0.0'): Promise<void> {
  await registry.env.DB.prepare(
    `INSERT INTO registry_downloads (id, package_id, version_id, downloaded_at, count)
     SELECT v.id || ':' || ?1, v.package_id, v.id, unixepoch(?1), ?2 FROM registry_versions v
     JOIN registry_packages p ON p.id = v.package_id WHERE p.name = '@diego/rust' AND v.version = ?3`,
  )
    .bind(day(days), count, version)
    .run();
}

/** The count is written after the answer; asks until it is there. */
async function counted(expected: number): Promise<void> {
  while ((await point('last-day')) !== expected) await new Promise((resolve) => setImmediate(resolve));
}

t.test('every whole download counts, of either artifact; looking does not', async (t) => {
  t.equal(await point('last-day'), 0);
  const paths = [tarballPath(RUST, '1.0.0'), downloadPath(RUST, '1.0.0'), tarballPath(RUST, '1.1.0')];
  const looks: RequestInit[] = [
    { method: 'HEAD' },
    { headers: { Range: 'bytes=10-20' } },
    { headers: { Range: 'bytes=999999999-' } },
  ];
  for (const path of paths) {
    const response = await registry.fetch(path);
    await response.arrayBuffer();
    const etag = response.headers.get('etag') ?? '';
    for (const look of [...looks, { headers: { 'If-None-Match': etag } }])
      await (await registry.fetch(path, look)).arrayBuffer();
  }
  await registry.fetch('/@diego%2frust');
  await counted(paths.length);
  t.same((await registry.json(`/versions/@diego%2frust/last-day`)).body, {
    package: '@diego/rust',
    downloads: { '1.0.0': 2, '1.1.0': 1 },
  });
});

t.test('a download that goes on after a break counts once: by its first byte', async (t) => {
  const path = tarballPath(RUST, '1.0.0');
  await (await registry.fetch(path, { headers: { Range: 'bytes=0-9' } })).arrayBuffer();
  await (await registry.fetch(path, { headers: { Range: 'bytes=10-' } })).arrayBuffer();
  await counted(4);
  t.equal(await point('last-day'), 4);
});

t.test('the clock writes what waits, too', async (t) => {
  await (await registry.fetch(tarballPath(RUST, '1.0.0'))).arrayBuffer();
  await registry.scheduled(new Date());
  t.equal(await point('last-day'), 5);
});

t.test('periods end today and begin as many days before as they say, for every spelling of the name', async (t) => {
  for (const [days, count] of [
    [1, 10],
    [6, 100],
    [7, 1_000],
    [29, 10_000],
    [30, 100_000],
  ] as const) {
    await downloadedBefore(days, count);
  }
  const table: [string, number, string, string][] = [
    ['last-day', 5, day(0), day(0)],
    ['last-week', 115, day(6), day(0)],
    ['last-month', 11_115, day(29), day(0)],
    [day(7), 1_000, day(7), day(7)],
    [`${day(30)}:${day(7)}`, 111_000, day(30), day(7)],
    ['2020-01-01:2020-12-31', 0, '2020-01-01', '2020-12-31'],
  ];
  for (const [period, downloads, start, end] of table) {
    const { status, headers, body } = await registry.json(`/downloads/point/${period}/@diego/rust`);
    t.same([status, body], [200, { downloads, start, end, package: '@diego/rust' }], period);
    t.equal(headers.get('cache-control'), 'public, max-age=300');
  }
  for (const name of ['@diego%2frust', '@diego%2Frust', '%40diego%2frust'])
    t.equal(await point('last-week', name), 115, name);
});

t.test('a range has every day, those without downloads too', async (t) => {
  const { body } = await registry.json('/downloads/range/last-week/@diego/rust');
  t.match(body, { start: day(6), end: day(0), package: '@diego/rust' });
  t.same(body.downloads, [
    { downloads: 100, day: day(6) },
    { downloads: 0, day: day(5) },
    { downloads: 0, day: day(4) },
    { downloads: 0, day: day(3) },
    { downloads: 0, day: day(2) },
    { downloads: 10, day: day(1) },
    { downloads: 5, day: day(0) },
  ]);
});

t.test('a version that nobody downloaded then is not listed', async (t) => {
  t.same((await registry.json(`/versions/@diego/rust/${day(6)}`)).body.downloads, { '1.0.0': 100 });
});

t.test('a private course is counted for those who may see it, and missing for others', async (t) => {
  await registry.publish(diego, await packCourse('@diego/secret', '1.0.0', { course: { private: true } }));
  for (const path of [
    '/downloads/point/last-day/@diego/secret',
    '/downloads/range/last-day/@diego/secret',
    '/versions/@diego/secret/last-day',
  ]) {
    const anonymous = await registry.json(path);
    t.match(anonymous, { status: 404, body: { code: 'PACKAGE_NOT_FOUND' } }, path);
    t.same(anonymous.body, {
      ...(await registry.json(path.replace('secret', 'nothing'))).body,
      name: '@diego/secret',
      error: 'Package not found: @diego/secret',
      message: 'Package not found: @diego/secret',
    });
    const own = await registry.json(path, { headers: bearer(diego) });
    t.equal(own.status, 200, path);
    t.equal(own.headers.get('cache-control'), 'private, no-store', path);
  }
});

t.test('what cannot be asked is refused in JSON', async (t) => {
  const table: Record<string, [number, string]> = {
    '/downloads/point/last-year/@diego/rust': [400, 'INVALID_REQUEST'],
    '/downloads/range/2026-01-02:2026-01-01/@diego/rust': [400, 'INVALID_REQUEST'],
    '/downloads/range/2020-01-01:2026-01-01/@diego/rust': [400, 'INVALID_REQUEST'],
    '/versions/@diego/rust/forever': [400, 'INVALID_REQUEST'],
    '/downloads/point/last-week/@Diego/rust': [404, 'PACKAGE_NOT_FOUND'],
    '/downloads/point/last-week/@diego/nothing': [404, 'PACKAGE_NOT_FOUND'],
    '/downloads/point/last-week': [404, 'NOT_FOUND'],
    '/downloads/point/last-week/express': [404, 'NOT_FOUND'],
    '/downloads/point/last-week/@diego/rust,@diego/go': [404, 'NOT_FOUND'],
  };
  for (const [path, [status, code]] of Object.entries(table))
    t.match(await registry.json(path), { status, body: { code } }, path);
});
