// Owns who may read the audit log: of a course its maintainers, of an organization its owners, of an account itself.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { SignedInContext } from '../../context.ts';
import { type AuditPage, type AuditRow, pageOfAuditLog } from '../../database/audit/audit-log.ts';
import { checkOwnsOrganization } from '../people/organizations.ts';
import { checkReachesAll, reaches } from '../rights/actor.ts';
import { checkRight, includes, rightOn } from '../rights/rights-on-course.ts';
import { findVisible } from '../rights/visible-package.ts';

export type { AuditPage, AuditRow } from '../../database/audit/audit-log.ts';

/**
 * What happened to a course, even after it is unpublished.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN.
 */
export async function readCourseLog(context: SignedInContext, name: PackageName, page: AuditPage): Promise<AuditRow[]> {
  const { db, actor } = context;
  const maintains = reaches(actor.limits, name) && includes(await rightOn(db, actor, name), 'write');
  const rows = maintains ? await pageOfAuditLog(db, name.full, page) : [];
  if (rows.length > 0 || (maintains && page.before !== undefined)) return rows;
  await findVisible(context, name);
  await checkRight(context, name, 'write');
  return rows;
}

/**
 * What happened to an organization, or to the account that asks.
 * @param scope without the `@`.
 * @throws {RegistryError} NOT_FOUND, FORBIDDEN.
 */
export async function readScopeLog(context: SignedInContext, scope: string, page: AuditPage): Promise<AuditRow[]> {
  const { db, actor } = context;
  checkReachesAll(actor, 'the whole scope');
  const isOwn = scope === actor.username;
  if (!isOwn) await checkOwnsOrganization(context, scope);
  return pageOfAuditLog(db, isOwn ? scope : `@${scope}`, page);
}
