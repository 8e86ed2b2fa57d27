// Owns the tables of the registry: scopes, packages, versions, dist-tags, downloads, tokens, the audit log and what a publish holds while it runs.
import { type SQL, sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { organization, user } from './account-schema.ts';

export * from './account-schema.ts';

const createdAt = () => integer('created_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`);

/** At a glance separators do not show, and some characters pass for others. */
const CONFUSABLE = [
  ['-', ''],
  ['_', ''],
  ['.', ''],
  ['0', 'o'],
  ['1', 'l'],
  ['i', 'l'],
  ['rn', 'm'],
] as const;

/** What a name looks like at a glance, as SQL. */
function skeletonSql(name: string): string {
  return CONFUSABLE.reduce((text, [seen, taken]) => `replace(${text}, '${seen}', '${taken}')`, name);
}

/** What a name looks like at a glance, as the column has it. */
export function skeletonIn(name: string): string {
  return CONFUSABLE.reduce((text, [seen, taken]) => text.replaceAll(seen, taken), name);
}

const [BEFORE_NAME = '', AFTER_NAME = ''] = skeletonSql('?').split('?');

/** SQL for the skeleton of a name that is no column. */
export function skeletonOf(name: string): SQL<string> {
  return sql<string>`${sql.raw(BEFORE_NAME)}${name}${sql.raw(AFTER_NAME)}`;
}

/**
 * The one name space of users and organizations. Triggers on both tables fill it (migration 0004), so that the
 * constraints here decide who was first; they also keep names from changing.
 */
export const registryScopes = sqliteTable(
  'registry_scopes',
  {
    /** Without the `@`. */
    name: text('name').primaryKey(),
    userId: text('user_id').references(() => user.id, { onDelete: 'restrict' }),
    organizationId: text('organization_id').references(() => organization.id, { onDelete: 'restrict' }),
    /** What the name looks like at a glance: two that look alike cannot both exist. */
    skeleton: text('skeleton').generatedAlwaysAs(sql.raw(skeletonSql('name')), { mode: 'virtual' }),
  },
  (table) => [
    uniqueIndex('registry_scopes_skeleton_idx').on(table.skeleton),
    uniqueIndex('registry_scopes_user_idx').on(table.userId),
    uniqueIndex('registry_scopes_organization_idx').on(table.organizationId),
    check('registry_scopes_one_holder', sql`(${table.userId} IS NULL) <> (${table.organizationId} IS NULL)`),
  ],
);

/** One row a course. `rev` grows with every change that a reader can see; ETags are made of it. */
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
    /** What dist-tag `latest` names, kept here for lists. */
    latestVersion: text('latest_version'),
    /** What readers obey: neither private nor restricted. */
    isPublic: integer('is_public', { mode: 'boolean' }).notNull().default(true),
    /** `private` in the course.json that was published last. */
    isPrivate: integer('is_private', { mode: 'boolean' }).notNull().default(false),
    /** Set by hand with `npm access set status=restricted`, and only so taken back. */
    isRestricted: integer('is_restricted', { mode: 'boolean' }).notNull().default(false),
    rev: integer('rev').notNull().default(0),
    /** Downloads, of which each weighs half as much 30 days later: see heatOf in downloads.ts. */
    heat: real('heat').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: integer('updated_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`),
  },
  (table) => [
    uniqueIndex('registry_packages_name_idx').on(table.name),
    index('registry_packages_user_id_idx').on(table.userId),
  ],
);

/** One row a version, written once. Columns of the seed describe the `.progy` file; `tarball_*` describe the npm tarball. */
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
    /** Names the key of both signatures. Null, as they are, for versions from before the registry signed. */
    signatureKeyid: text('signature_keyid'),
    /** Over the tarball's integrity; base64 of DER. */
    signature: text('signature'),
    /** Over the `.progy` file's integrity; base64 of DER. */
    progySignature: text('progy_signature'),
    /** JSON of the CourseManifest: what never changes in npm's manifest. */
    manifest: text('manifest').notNull(),
    /** Start of the course's README.md, as npm shows it. */
    readme: text('readme'),
    /** JSON of the Outline: modules and exercises. Null for versions from before there was one. */
    outline: text('outline'),
    changelog: text('changelog'),
    /** What `npm deprecate` says to those who install it. */
    deprecated: text('deprecated'),
    /** Why the version was yanked, if only ''. Null: it is not. */
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
    index('registry_versions_unpublished_idx').on(table.unpublishedAt).where(sql`unpublished_at IS NOT NULL`),
  ],
);

/**
 * The words that search finds a course by: one row for each public course whose `latest` is neither yanked nor unpublished.
 * A trigger on registry_packages writes it, and the full-text indexes registry_search and registry_search_heads follow by triggers on this
 * table (migration 0007), so whatever batch changes what readers see changes this too.
 */
export const registryListedCourses = sqliteTable('registry_listed_courses', {
  /** Also the row's number in both indexes. */
  id: integer('id').primaryKey(),
  packageId: text('package_id')
    .notNull()
    .unique()
    .references(() => registryPackages.id),
  /** `@scope/slug`. */
  name: text('name').notNull(),
  title: text('title'),
  description: text('description'),
  /** Each on a line of its own. */
  keywords: text('keywords'),
  /** Author, publisher and maintainers. */
  people: text('people'),
  /** How the README begins. */
  readme: text('readme'),
});

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

/** Tokens of npm and progy clients. Only the hash is kept. */
export const registryTokens = sqliteTable(
  'registry_tokens',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    name: text('name').notNull(),
    /** Hex sha256 of the token. */
    tokenHash: text('token_hash').notNull(),
    /** Its first characters, by which a person knows it again. */
    shown: text('shown').notNull().default('progy_'),
    readonly: integer('readonly', { mode: 'boolean' }).notNull().default(false),
    /** IPv4 blocks that it may be used from, `10.0.0.0/8`; null: from anywhere. */
    cidrs: text('cidrs', { mode: 'json' }).$type<readonly string[]>(),
    /** What it reaches, `@scope` or `@scope/slug`; null: all that the account does. */
    courses: text('courses', { mode: 'json' }).$type<readonly string[]>(),
    createdAt: createdAt(),
    lastUsedAt: integer('last_used_at', { mode: 'timestamp' }),
    expiresAt: integer('expires_at', { mode: 'timestamp' }),
  },
  (table) => [
    uniqueIndex('registry_tokens_hash_idx').on(table.tokenHash),
    index('registry_tokens_user_id_idx').on(table.userId),
  ],
);

/** Objects that a running publish may leave behind; the sweep deletes those that no version names. */
export const registryPublishAttempts = sqliteTable(
  'registry_publish_attempts',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    /** JSON list of the R2 keys the attempt writes. */
    keys: text('keys').notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('registry_publish_attempts_created_idx').on(table.createdAt)],
);

/** Versions an account published in one hour. The CHECK aborts the batch of the publish that goes over. */
export const registryPublishCounts = sqliteTable(
  'registry_publish_counts',
  {
    userId: text('user_id').notNull(),
    /** Hours since 1970. */
    hour: integer('hour').notNull(),
    count: integer('count').notNull(),
    quota: integer('quota').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.hour] }),
    check('registry_publish_quota', sql`${table.count} <= ${table.quota}`),
  ],
);

/** Who changed what, when and with which token. Triggers keep rows from changing and from going away (migration 0004). */
export const registryAuditLog = sqliteTable(
  'registry_audit_log',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at', { mode: 'timestamp' }).notNull(),
    /** Who did it; null for the registry itself. */
    userId: text('user_id'),
    /** Their username then. */
    username: text('username'),
    /** Key of the token; null where a session in a browser did it. */
    tokenId: text('token_id'),
    /** Such as `publish` or `dist-tag add`. */
    action: text('action').notNull(),
    /** `@scope/slug`, `@scope`, or the username of an account. */
    subject: text('subject').notNull(),
    version: text('version'),
    /** What it was before, as JSON; null for what was not. */
    before: text('before', { mode: 'json' }),
    after: text('after', { mode: 'json' }),
  },
  (table) => [index('registry_audit_log_subject_idx').on(table.subject, table.id)],
);
