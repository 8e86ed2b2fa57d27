// Owns the tables of courses: packages, versions, dist-tags, rights on them, and their downloads.
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { user } from './accounts.ts';
import { createdAt } from './created-at.ts';

/** One row per course. `rev` grows with every change that a reader can see; ETags are derived from it. */
export const registryPackages = sqliteTable(
  'registry_packages',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    /** `@scope/slug`. */
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    description: text('description'),
    /** The version that dist-tag `latest` names, copied here for lists. */
    latestVersion: text('latest_version'),
    /** Decides what readers see: neither private nor restricted. */
    isPublic: integer('is_public', { mode: 'boolean' }).notNull().default(true),
    /** `private` in the course.json of the last publish. */
    isPrivate: integer('is_private', { mode: 'boolean' }).notNull().default(false),
    /** Set by hand with `npm access set status=restricted`, and removed only by hand. */
    isRestricted: integer('is_restricted', { mode: 'boolean' }).notNull().default(false),
    rev: integer('rev').notNull().default(0),
    /** Downloads, where each weighs half as much 30 days later: see downloadWeight in downloads.ts. */
    decayedDownloads: real('decayed_downloads').notNull().default(0),
    /** Grows by two with each doubling of the decayed downloads: search orders courses by it before reading them. */
    popularityStep: integer('popularity_step').generatedAlwaysAs(
      sql`min(4095, CAST(floor(2 * log2(1 + decayed_downloads)) AS INTEGER))`,
      { mode: 'virtual' },
    ),
    createdAt: createdAt(),
    updatedAt: integer('updated_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`),
  },
  (table) => [
    uniqueIndex('registry_packages_name_idx').on(table.name),
    index('registry_packages_user_id_idx').on(table.userId),
  ],
);

/** One row per version, written once. Columns of the seed describe the `.progy` file; `tarball_*` describe the npm tarball. */
export const registryVersions = sqliteTable(
  'registry_versions',
  {
    id: text('id').primaryKey(),
    packageId: text('package_id')
      .notNull()
      .references(() => registryPackages.id),
    version: text('version').notNull(),
    /** Orders versions for `latest`: see latestRank in protocol/version.ts. */
    latestRank: text('latest_rank').notNull(),
    /** R2 key of the `.progy` file. */
    storageKey: text('storage_key').notNull(),
    /** Bytes of the `.progy` file. */
    sizeBytes: integer('size_bytes').notNull(),
    /** Hex sha256 of the `.progy` file. */
    checksum: text('checksum').notNull(),
    /** SRI sha512 of the `.progy` file. */
    integrity: text('integrity').notNull(),
    tarballKey: text('tarball_key').notNull(),
    tarballSize: integer('tarball_size').notNull(),
    /** SRI sha512 of the tarball: npm's `dist.integrity`. */
    tarballIntegrity: text('tarball_integrity').notNull(),
    /** Hex sha1 of the tarball: npm's `dist.shasum`. */
    shasum: text('shasum').notNull(),
    /** Entries in the tarball. */
    fileCount: integer('file_count').notNull(),
    /** Bytes of the tarball's entries. */
    unpackedSize: integer('unpacked_size').notNull(),
    /** Tree hash of the course. */
    tree: text('tree').notNull(),
    /** Names the key of both signatures. All three are null for versions published before the registry signed. */
    signatureKeyid: text('signature_keyid'),
    /** Over the tarball's integrity; base64 of DER. */
    signature: text('signature'),
    /** Over the `.progy` file's integrity; base64 of DER. */
    progySignature: text('progy_signature'),
    /** JSON of the CourseManifest: the part of npm's manifest that never changes. */
    manifest: text('manifest').notNull(),
    /** Start of the course's README.md, as npm shows it. */
    readme: text('readme'),
    /** JSON of the Outline: modules and exercises. Null for versions published before outlines existed. */
    outline: text('outline'),
    changelog: text('changelog'),
    /** The message of `npm deprecate` to those who install it. */
    deprecated: text('deprecated'),
    /** Why the version was yanked, possibly ''. Null: it is not yanked. */
    yanked: text('yanked'),
    /** When it was unpublished. The row stays, so that its number stays used; no reader sees it. */
    unpublishedAt: integer('unpublished_at', { mode: 'timestamp' }),
    /** When the sweep deleted the bytes of an unpublished version. */
    sweptAt: integer('swept_at', { mode: 'timestamp' }),
    publisherId: text('publisher_id')
      .notNull()
      .references(() => user.id),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('registry_versions_pkg_ver_idx').on(table.packageId, table.version),
    index('registry_versions_storage_key_idx').on(table.storageKey),
    index('registry_versions_tarball_key_idx').on(table.tarballKey),
    index('registry_versions_publisher_idx').on(table.publisherId),
    index('registry_versions_unpublished_idx').on(table.unpublishedAt).where(sql`unpublished_at IS NOT NULL`),
  ],
);

/**
 * Places of the courses that search may find in its full-text indexes, the most downloaded first: one row for each public
 * course whose `latest` is neither yanked nor unpublished. A trigger on registry_packages writes it, and the indexes
 * registry_search and registry_search_heads follow by triggers on this table (migration 0014), so every batch that
 * changes what readers see changes these too. The rows are short: a search reads hundreds.
 */
export const registrySearchPlaces = sqliteTable(
  'registry_search_places',
  {
    /**
     * The row's number in both indexes, which are read in this order: counted down by `number` from the end of the
     * shelf of the popularity step that the course had when it got its place. Migration 0014 says where that is.
     */
    place: integer('place').primaryKey(),
    packageId: text('package_id')
      .notNull()
      .unique()
      .references(() => registryPackages.id),
    /** Later ones are higher: of courses with equal downloads, those listed last come first. */
    number: integer('number').notNull().unique(),
    /** `@scope/slug`. */
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    /** The value of the course when its popularity step last changed: exact enough to rank by, and seldom written. */
    decayedDownloads: real('decayed_downloads').notNull(),
    /** When `latest` was published. */
    publishedAt: integer('published_at', { mode: 'timestamp' }).notNull(),
    /** `latest` is not deprecated. */
    isKept: integer('is_kept', { mode: 'boolean' }).notNull(),
    /** Its popularity step has changed since: the next run of the cron moves it. */
    isDue: integer('is_due', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('registry_search_places_slug_idx').on(table.slug, table.place),
    index('registry_search_places_due_idx').on(table.isDue).where(sql`is_due = 1`),
  ],
);

/** Rights on one course, beside those that its scope gives. */
export const registryCollaborators = sqliteTable(
  'registry_collaborators',
  {
    packageId: text('package_id')
      .notNull()
      .references(() => registryPackages.id),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    /** `write`: a maintainer, added with `npm owner add`. `read`: may see it while it is private. */
    permission: text('permission', { enum: ['read', 'write'] }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.packageId, table.userId] }),
    index('registry_collaborators_user_idx').on(table.userId),
    check('registry_collaborators_permission', sql`${table.permission} IN ('read', 'write')`),
  ],
);

export const registryDistTags = sqliteTable(
  'registry_dist_tags',
  {
    packageId: text('package_id')
      .notNull()
      .references(() => registryPackages.id),
    tag: text('tag').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => registryVersions.id),
  },
  (table) => [primaryKey({ columns: [table.packageId, table.tag] })],
);

/**
 * Downloads, one row for each version and day, so that nobody can be followed: the seed's `user_id` and `ip_address`
 * stay empty on purpose.
 */
export const registryDownloads = sqliteTable(
  'registry_downloads',
  {
    /** `<version id>:<day as YYYY-MM-DD>`. */
    id: text('id').primaryKey(),
    packageId: text('package_id').notNull(),
    versionId: text('version_id').notNull(),
    userId: text('user_id'),
    ipAddress: text('ip_address'),
    /** Start of the day, UTC. */
    downloadedAt: integer('downloaded_at', { mode: 'timestamp' }).notNull(),
    count: integer('count').notNull().default(1),
  },
  (table) => [
    index('registry_downloads_package_idx').on(table.packageId, table.downloadedAt),
    check('registry_downloads_nobody', sql`${table.userId} IS NULL AND ${table.ipAddress} IS NULL`),
  ],
);
