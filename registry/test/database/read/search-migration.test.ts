// The migration that adds search: courses published before are found afterwards.
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { MIGRATIONS, migrate } from '../../helpers/query-plans.ts';

const SEARCH = '0007_index_courses_for_search.sql';

/** A course with a version, as 0006 leaves it. */
function insertCourse(
  database: DatabaseSync,
  slug: string,
  columns: { isPublic?: number; yanked?: string; downloads?: number } = {},
) {
  const { isPublic = 1, yanked = null, downloads = 0 } = columns;
  const manifest = JSON.stringify({ description: `${slug} in C++`, keywords: ['one', 'two'], progy: {} });
  database
    .prepare(
      `INSERT INTO registry_packages (id, user_id, name, slug, latest_version, is_public) VALUES (?, 'u', ?, ?, '1.0.0', ?)`,
    )
    .run(slug, `@diego/${slug}`, slug, isPublic);
  database
    .prepare(
      `INSERT INTO registry_versions (id, package_id, version, latest_rank, storage_key, size_bytes, checksum, integrity, tarball_key,
         tarball_size, tarball_integrity, shasum, file_count, unpacked_size, tree, manifest, readme, yanked, publisher_id)
       VALUES (?1, ?1, '1.0.0', '1', 'k', 1, 'c', 'i', 't', 1, 'i', 's', 1, 1, 'x', ?2, ?3, ?4, 'u')`,
    )
    .run(slug, manifest, `${'word '.repeat(3_000)}end`, yanked);
  // 30 days after decayed downloads begin to count: such a download adds 2.
  database
    .prepare(
      `INSERT INTO registry_downloads (id, package_id, version_id, downloaded_at, count) VALUES (?1, ?1, ?1, 1769817600, ?2)`,
    )
    .run(slug, downloads);
}

t.test('courses from before are in the index: the public ones, with what they were downloaded', (t) => {
  const database = new DatabaseSync(':memory:');
  t.teardown(() => database.close());
  migrate(database, MIGRATIONS.slice(0, MIGRATIONS.indexOf(SEARCH)));
  database.exec(
    `INSERT INTO user (id, name, email, username, created_at, updated_at) VALUES ('u', 'Diego', 'd@example.com', 'diego', 0, 0)`,
  );
  insertCourse(database, 'rust', { downloads: 5 });
  insertCourse(database, 'go', { downloads: 50 });
  insertCourse(database, 'secret', { isPublic: 0 });
  insertCourse(database, 'hidden', { yanked: '' });
  migrate(database, MIGRATIONS.slice(MIGRATIONS.indexOf(SEARCH)));

  const found = (match: string) =>
    database
      .prepare(
        'SELECT p.name FROM registry_search s JOIN registry_search_places p ON p.place = s.rowid WHERE registry_search MATCH ? ORDER BY p.place',
      )
      .all(match)
      .map(({ name }) => name);
  t.same(found('word'), ['@diego/go', '@diego/rust'], 'what was downloaded most comes first');
  t.same(found('name : rust'), ['@diego/rust']);
  for (const match of ['description : cpp', 'keywords : two', 'people : diego'])
    t.same(found(match), ['@diego/go', '@diego/rust'], match);
  t.same(found('end'), [], 'of a README as much as its beginning');
  t.same(database.prepare('SELECT name, decayed_downloads FROM registry_packages WHERE decayed_downloads > 0').all(), [
    { name: '@diego/rust', decayed_downloads: 10 },
    { name: '@diego/go', decayed_downloads: 100 },
  ]);
  database.exec(`UPDATE registry_packages SET is_public = 1 WHERE slug = 'secret'`);
  t.same(found('word'), ['@diego/go', '@diego/rust', '@diego/secret'], 'the index follows after all migrations');
  t.end();
});
