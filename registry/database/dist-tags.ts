// Owns changing dist-tags in D1.
import type { PackageName } from '@progy/protocol/package-name.ts';
import { and, eq } from 'drizzle-orm';
import { type AuditEntry, auditEntry } from './audit-log.ts';
import { packageIdOf, putDistTag, refreshCatalogue } from './catalogue.ts';
import type { Database } from './database.ts';
import { registryDistTags } from './schema.ts';

/** Points a tag at a version. */
export async function moveDistTag(
  db: Database,
  name: PackageName,
  tag: string,
  versionId: string,
  entry: AuditEntry,
): Promise<void> {
  await db.batch([putDistTag(db, name, tag, versionId), refreshCatalogue(db, name, entry.at), auditEntry(db, entry)]);
}

/** Deletes a tag; that it is not there is fine. */
export async function deleteDistTag(db: Database, name: PackageName, tag: string, entry: AuditEntry): Promise<void> {
  const itself = and(eq(registryDistTags.packageId, packageIdOf(name)), eq(registryDistTags.tag, tag));
  await db.batch([
    db.delete(registryDistTags).where(itself),
    refreshCatalogue(db, name, entry.at),
    auditEntry(db, entry),
  ]);
}
