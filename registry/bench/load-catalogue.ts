// Owns filling a registry with the catalogue through SQL: 2,000 uploads would take minutes and test nothing more.
import { latestRank, parseVersion } from '@progy/protocol/course/version.ts';
import { type CatalogueCourse, makeCatalogue } from '../../fixtures/catalogue/catalogue.ts';
import { downloadWeight, startOfDay } from '../database/read/downloads.ts';

const DAY_MS = 86_400_000;
const CHUNK = 250;
const VERSION = parseVersion('1.0.0');
/** Columns that search never shows. */
const NO_ARTIFACT = `'none', 0, '', '', 'none', 0, '', '', 0, 0, ''`;

/** One statement that takes a JSON list of rows. */
export interface Load {
  sql: string;
  rows: string;
}

/** Runs statements in sequence. */
export type Run = (loads: readonly Load[]) => Promise<unknown>;

/**
 * Puts the catalogue into a database, as if it had been published and downloaded.
 * @param run runs statements in sequence.
 * @param count number of courses, by default all of the tests'.
 */
export function loadCatalogue(run: Run, count?: number): Promise<void> {
  return loadCourses(run, makeCatalogue(count));
}

/** The same with other courses. */
export async function loadCourses(run: Run, courses: readonly CatalogueCourse[]): Promise<void> {
  for (let start = 0; start < courses.length; start += CHUNK) {
    const rows = JSON.stringify(courses.slice(start, start + CHUNK).map(toRow));
    await run(STATEMENTS.map((sql) => ({ sql, rows })));
  }
}

/**
 * Adds older versions, without READMEs, to loaded courses.
 * @param count number of versions for each course.
 */
export async function loadOlderVersions(run: Run, courses: readonly CatalogueCourse[], count: number): Promise<void> {
  const versions = Array.from({ length: count }, (_, i) => parseVersion(`0.${i + 1}.0`));
  const older = versions.map((version) => ({ version, rank: latestRank(version) }));
  for (let start = 0; start < courses.length; start += CHUNK) {
    const rows = JSON.stringify({
      older,
      courses: courses
        .slice(start, start + CHUNK)
        .map(toRow)
        .map(withoutReadme),
    });
    await run([{ sql: OLDER_VERSIONS, rows }]);
  }
}

function withoutReadme({ readme: _, days: __, ...row }: ReturnType<typeof toRow>) {
  return row;
}

function toRow({
  name,
  title,
  description,
  keywords,
  author,
  readme,
  dailyDownloads,
  daysOld,
  deprecated,
}: CatalogueCourse) {
  const [scope = '', slug = ''] = name.slice(1).split('/');
  const today = startOfDay(new Date()).getTime();
  const days = Array.from({ length: 30 }, (_, day) => new Date(today - day * DAY_MS));
  return {
    id: name,
    name,
    scope,
    slug,
    manifest: {
      name,
      version: VERSION,
      description,
      keywords,
      ...(author === undefined ? {} : { author: { name: author } }),
      license: 'MIT',
      progy: { course: 'course.json', ...(title === undefined ? {} : { title }) },
    },
    readme,
    deprecated,
    version: VERSION,
    rank: latestRank(VERSION),
    publishedAt: Math.floor((today - daysOld * DAY_MS) / 1_000),
    days: days.map((day) => ({ day: day.toISOString().slice(0, 10), at: day.getTime() / 1_000 })),
    dailyDownloads,
    decayedDownloads: dailyDownloads * days.reduce((sum, day) => sum + downloadWeight(day), 0),
  };
}

const OLDER_VERSIONS = `INSERT INTO registry_versions (id, package_id, version, latest_rank, storage_key, size_bytes, checksum, integrity, tarball_key,
   tarball_size, tarball_integrity, shasum, file_count, unpacked_size, tree, manifest, publisher_id, created_at)
 SELECT (course.value ->> 'id') || '@' || (older.value ->> 'version'), course.value ->> 'id', older.value ->> 'version', older.value ->> 'rank', ${NO_ARTIFACT},
   course.value ->> 'manifest', course.value ->> 'scope', course.value ->> 'publishedAt'
 FROM (SELECT ? AS rows) AS loaded, json_each(loaded.rows, '$.courses') AS course, json_each(loaded.rows, '$.older') AS older`;

/** Each takes a JSON list of rows. */
const STATEMENTS = [
  `INSERT OR IGNORE INTO user (id, name, email, username, created_at, updated_at)
   SELECT value ->> 'scope', value ->> 'scope', value ->> 'scope', value ->> 'scope', 0, 0 FROM json_each(?)`,
  `INSERT INTO registry_packages (id, user_id, name, slug, description, decayed_downloads)
   SELECT value ->> 'id', value ->> 'scope', value ->> 'name', value ->> 'slug', value ->> '$.manifest.description', value ->> 'decayedDownloads'
   FROM json_each(?)`,
  `INSERT INTO registry_versions (id, package_id, version, latest_rank, storage_key, size_bytes, checksum, integrity, tarball_key,
     tarball_size, tarball_integrity, shasum, file_count, unpacked_size, tree, manifest, readme, deprecated, publisher_id, created_at)
   SELECT value ->> 'id', value ->> 'id', value ->> 'version', value ->> 'rank', ${NO_ARTIFACT}, value ->> 'manifest',
     value ->> 'readme', value ->> 'deprecated', value ->> 'scope', value ->> 'publishedAt'
   FROM json_each(?)`,
  `INSERT INTO registry_dist_tags (package_id, tag, version_id) SELECT value ->> 'id', 'latest', value ->> 'id' FROM json_each(?)`,
  `INSERT INTO registry_downloads (id, package_id, version_id, downloaded_at, count)
   SELECT (course.value ->> 'id') || ':' || (day.value ->> 'day'), course.value ->> 'id', course.value ->> 'id', day.value ->> 'at',
     course.value ->> 'dailyDownloads'
   FROM json_each(?) AS course, json_each(course.value, '$.days') AS day WHERE course.value ->> 'dailyDownloads' > 0`,
  `UPDATE registry_packages SET latest_version = fresh.value ->> 'version' FROM json_each(?) AS fresh
   WHERE registry_packages.id = fresh.value ->> 'id'`,
];
