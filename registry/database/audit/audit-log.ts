// Owns the audit log in D1: a row for every change, in the same batch, so that one never exists without the other.
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { registryAuditLog } from '../schema/tables.ts';

/** The author of a change. */
export interface AuditActor {
  id: string;
  username: string;
  /** Key of the token; undefined for a browser session. */
  tokenId: string | undefined;
}

/** The actions that the log records. */
export type AuditAction =
  | 'publish'
  | 'dist-tag add'
  | 'dist-tag rm'
  | 'deprecate'
  | 'undeprecate'
  | 'yank'
  | 'unyank'
  | 'unpublish'
  | 'owner add'
  | 'owner rm'
  | 'access grant'
  | 'access revoke'
  | 'access set'
  | 'invitation create'
  | 'invitation revoke'
  | 'org create'
  | 'org set'
  | 'org rm'
  | 'account create'
  | 'account change'
  | 'token create'
  | 'token revoke'
  | 'github link'
  | 'github repo create';

export interface AuditEntry {
  /** Null: the registry itself. */
  actor: AuditActor | null;
  action: AuditAction;
  /** `@scope/slug`, `@scope` of an organization, or the username of an account. */
  subject: string;
  version?: string;
  /** JSON values; missing for what did not exist, or no longer does. */
  before?: unknown;
  after?: unknown;
  at: Date;
}

/** Part of every batch that changes something. Contains no secrets: maintainers read it. */
export function auditEntry(db: Database, { actor, action, subject, version, before, after, at }: AuditEntry) {
  return db.insert(registryAuditLog).values({
    at,
    userId: actor?.id,
    username: actor?.username,
    tokenId: actor?.tokenId,
    action,
    subject,
    version,
    before,
    after,
  });
}

export type AuditRow = typeof registryAuditLog.$inferSelect;

/** A page of a log, newest first: at most `limit` rows that are older than the row `before`. */
export interface AuditPage {
  before: number | undefined;
  limit: number;
}

/** The log of a subject. */
export async function pageOfAuditLog(db: Database, subject: string, { before, limit }: AuditPage): Promise<AuditRow[]> {
  const older = before === undefined ? undefined : lt(registryAuditLog.id, before);
  return db
    .select()
    .from(registryAuditLog)
    .where(and(eq(registryAuditLog.subject, subject), older))
    .orderBy(desc(registryAuditLog.id))
    .limit(limit);
}
