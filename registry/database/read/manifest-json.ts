// Owns npm's manifests as SQL: SQLite prints the JSON of a version from its row, so that the Worker parses no document.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { GIVEN_NAME, type NameInSql } from '../courses-by-name.ts';
import { maintainersOf, NO_REPLY } from '../people/maintainers.ts';
import { registryVersions, user } from '../schema/tables.ts';

export type DocumentForm = 'full' | 'abbreviated';

/** Placeholder for the version's number in the URLs given to a statement. */
const SLOT = '{version}';

/** What manifests contain that is not in the row of a version: values, or placeholders of a prepared statement. */
export interface AroundManifests extends NameInSql {
  /** URLs with the slot. */
  tarball: SQLWrapper | string;
  progy: SQLWrapper | string;
}

/** For prepared statements, which are given {@link aroundManifests} of the course. */
export const GIVEN_AROUND: AroundManifests = {
  ...GIVEN_NAME,
  tarball: sql.placeholder('tarball'),
  progy: sql.placeholder('progy'),
};

/** @param origin prefix of the URLs in the documents. */
export function aroundManifests(name: PackageName, origin: string): Record<keyof AroundManifests, string> {
  const [tarball, progy] = [origin + tarballPath(name, SLOT), origin + downloadPath(name, SLOT)];
  return { full: name.full, scope: name.scope, tarball, progy };
}

/** SQL for the JSON text of a Manifest or AbbreviatedManifest. The query selects from registry_versions, joined with its publisher. */
export function manifestJson(form: DocumentForm, around: AroundManifests): SQL<string> {
  return form === 'full' ? fullManifest(around) : abbreviatedManifest(around);
}

function fullManifest(around: AroundManifests): SQL<string> {
  const publisher = sql`json_object('name', ${user.username}, 'email', ${user.username} || ${NO_REPLY})`;
  const manifest = sql`json_insert(${registryVersions.manifest},
    '$._id', ${around.full} || '@' || ${registryVersions.version},
    '$.dist', ${distObject(around)},
    '$._npmUser', ${publisher},
    '$.maintainers', json(${maintainersOf(around)}))`;
  return withState(manifest);
}

function abbreviatedManifest(around: AroundManifests): SQL<string> {
  const manifest = sql`json_object(
    'name', ${around.full},
    'version', ${registryVersions.version},
    'dist', ${tarballObject(around)})`;
  return withState(manifest);
}

/** npm's clients know `deprecated`; `yanked` is for progy, which never picks such a version by itself. */
function withState(manifest: SQL): SQL<string> {
  return withField(withField(manifest, 'deprecated', deprecation()), 'yanked', sql`${registryVersions.yanked}`);
}

/** The message that clients show before they install a version; installers also avoid it if a range leaves them a choice. */
function deprecation(): SQL {
  const { yanked, deprecated } = registryVersions;
  return sql`CASE WHEN ${yanked} = '' THEN 'yanked' WHEN ${yanked} IS NOT NULL THEN 'yanked: ' || ${yanked}
    ELSE nullif(${deprecated}, '') END`;
}

/** The same as the SQL above, for a row that was read. */
export function shownDeprecation({
  yanked,
  deprecated,
}: Pick<typeof registryVersions.$inferSelect, 'yanked' | 'deprecated'>): string | undefined {
  if (yanked === '') return 'yanked';
  return yanked === null ? deprecated || undefined : `yanked: ${yanked}`;
}

function distObject(around: AroundManifests): SQL {
  const v = registryVersions;
  const progy = sql`json_object(
    'url', ${urlOfVersion(around.progy)},
    'sha256', ${v.checksum},
    'integrity', ${v.integrity},
    'size', ${v.sizeBytes},
    'tree', ${v.tree})`;
  const dist = sql`json_insert(${tarballObject(around)}, '$.progy', ${withSignature(progy, v.progySignature)})`;
  return withSignature(dist, v.signature);
}

/**
 * The fields of `dist` that installers need. Hashes and signatures do not compress: without those that only `npm audit
 * signatures` and progy read, from the full form, 200 versions take a quarter of the bytes.
 */
function tarballObject({ tarball }: AroundManifests): SQL {
  const v = registryVersions;
  return sql`json_object(
    'tarball', ${urlOfVersion(tarball)},
    'integrity', ${v.tarballIntegrity},
    'shasum', ${v.shasum},
    'fileCount', ${v.fileCount},
    'unpackedSize', ${v.unpackedSize})`;
}

/** Versions published before the registry signed have none. */
function withSignature(object: SQL, signature: SQLWrapper): SQL {
  const signatures = sql`json_array(json_object('keyid', ${registryVersions.signatureKeyid}, 'sig', ${signature}))`;
  return withField(object, 'signatures', sql`iif(${signature} IS NULL, NULL, ${signatures})`);
}

/** Leaves out a field that is NULL: then the insert names the root, which already exists, so nothing changes. */
function withField(object: SQL, field: string, value: SQL): SQL<string> {
  return sql<string>`json_insert(${object}, iif((${value}) IS NULL, '$', ${`$.${field}`}), ${value})`;
}

/** SQL for a URL that contains the version: it is passed once with a slot, which SQLite fills in each row. */
function urlOfVersion(url: SQLWrapper | string): SQL {
  return sql`replace(${url}, ${SLOT}, ${registryVersions.version})`;
}
