// Owns who may read what happened: to a course who maintains it, to an organization its owners, to an account itself.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { type AuditPage, type AuditRow, pageOfAuditLog } from '../../database/audit/audit-log.ts';
import { openDatabase } from '../../database/database.ts';
import type { Env } from '../../env.ts';
import { checkOwnsOrganization } from '../people/organizations.ts';
import { type Actor, checkReachesAll, reaches } from '../rights/actor.ts';
import { checkRight, includes, rightOn } from '../rights/rights-on-course.ts';
import { findVisible } from '../rights/visible-package.ts';

export type { AuditPage, AuditRow } from '../../database/audit/audit-log.ts';

/**
 * What happened to a course, also once it is unpublished.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN.
 */
export async function readCourseLog(env: Env, actor: Actor, name: PackageName, page: AuditPage): Promise<AuditRow[]> {
  const maintains = reaches(actor.limits, name) && includes(await rightOn(env, actor, name), 'write');
  const rows = maintains ? await pageOfAuditLog(openDatabase(env.DB), name.full, page) : [];
  if (rows.length > 0 || (maintains && page.before !== undefined)) return rows;
  await findVisible(env, name, async () => actor);
  await checkRight(env, actor, name, 'write');
  return rows;
}

/**
 * What happened to an organization, or to the account of who asks.
 * @param scope without the `@`.
 * @throws {RegistryError} NOT_FOUND, FORBIDDEN.
 */
export async function readScopeLog(env: Env, actor: Actor, scope: string, page: AuditPage): Promise<AuditRow[]> {
  checkReachesAll(actor, 'what is about the whole scope');
  const isOwn = scope === actor.username;
  if (!isOwn) await checkOwnsOrganization(env, actor, scope);
  return pageOfAuditLog(openDatabase(env.DB), isOwn ? scope : `@${scope}`, page);
}
