// Owns npm's manifests as SQL: SQLite prints the JSON of a version from its row, so that no document is parsed here.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { maintainersOf, NO_REPLY } from '../people/maintainers.ts';
import { registryVersions, user } from '../schema/tables.ts';

export type DocumentForm = 'full' | 'abbreviated';

/**
 * SQL for the JSON text of a Manifest or AbbreviatedManifest. The query selects from registry_versions, joined with its publisher.
 * @param origin what URLs in the document start with.
 */
export function manifestJson(name: PackageName, form: DocumentForm, origin: string): SQL<string> {
  return form === 'full' ? fullManifest(name, origin) : abbreviatedManifest(name, origin);
}

function fullManifest(name: PackageName, origin: string): SQL<string> {
  const publisher = sql`json_object('name', ${user.username}, 'email', ${user.username} || ${NO_REPLY})`;
  const manifest = sql`json_insert(${registryVersions.manifest},
    '$._id', ${`${name.full}@`} || ${registryVersions.version},
    '$.dist', ${distObject(name, origin)},
    '$._npmUser', ${publisher},
    '$.maintainers', json(${maintainersOf(name)}))`;
  return withState(manifest);
}

function abbreviatedManifest(name: PackageName, origin: string): SQL<string> {
  const manifest = sql`json_object(
    'name', ${name.full},
    'version', ${registryVersions.version},
    'dist', ${distObject(name, origin)})`;
  return withState(manifest);
}

/** npm's clients know `deprecated`; `yanked` is for progy, which never chooses such a version by itself. */
function withState(manifest: SQL): SQL<string> {
  return withField(withField(manifest, 'deprecated', deprecation()), 'yanked', sql`${registryVersions.yanked}`);
}

/** What clients warn of before they install a version; installers also pass over it where a range leaves them a choice. */
function deprecation(): SQL {
  const { yanked, deprecated } = registryVersions;
  return sql`CASE WHEN ${yanked} = '' THEN 'yanked' WHEN ${yanked} IS NOT NULL THEN 'yanked: ' || ${yanked}
    ELSE nullif(${deprecated}, '') END`;
}

/** What the SQL above prints, for a row that was read. */
export function shownDeprecation({
  yanked,
  deprecated,
}: Pick<typeof registryVersions.$inferSelect, 'yanked' | 'deprecated'>): string | undefined {
  if (yanked === '') return 'yanked';
  return yanked === null ? deprecated || undefined : `yanked: ${yanked}`;
}

function distObject(name: PackageName, origin: string): SQL {
  const v = registryVersions;
  const progy = sql`json_object(
    'url', ${urlOfVersion((version) => `${origin}${downloadPath(name, version)}`)},
    'sha256', ${v.checksum},
    'integrity', ${v.integrity},
    'size', ${v.sizeBytes},
    'tree', ${v.tree})`;
  const dist = sql`json_object(
    'tarball', ${urlOfVersion((version) => `${origin}${tarballPath(name, version)}`)},
    'integrity', ${v.tarballIntegrity},
    'shasum', ${v.shasum},
    'fileCount', ${v.fileCount},
    'unpackedSize', ${v.unpackedSize},
    'progy', ${withSignature(progy, v.progySignature)})`;
  return withSignature(dist, v.signature);
}

/** Versions from before signing have none. */
function withSignature(object: SQL, signature: SQLWrapper): SQL {
  const signatures = sql`json_array(json_object('keyid', ${registryVersions.signatureKeyid}, 'sig', ${signature}))`;
  return withField(object, 'signatures', sql`iif(${signature} IS NULL, NULL, ${signatures})`);
}

/** Leaves a field out that is NULL: then the insert names the root, which is there already, so nothing changes. */
function withField(object: SQL, field: string, value: SQL): SQL<string> {
  return sql<string>`json_insert(${object}, iif((${value}) IS NULL, '$', ${`$.${field}`}), ${value})`;
}

/** SQL for a URL that holds the version: urls.ts prints it once with a slot, SQLite fills the slot in each row. */
function urlOfVersion(print: (version: string) => string): SQL {
  const slot = '{version}';
  return sql`replace(${print(slot)}, ${slot}, ${registryVersions.version})`;
}
