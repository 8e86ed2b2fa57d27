// Owns /registry/audit-log: who changed what, when and with which token.

import { RegistryError } from '@progy/protocol/errors.ts';
import { type AuditEntry, type AuditLog, auditLogQuerySchema } from '@progy/protocol/wire/audit-log.ts';
import { MAX_AUDIT_ENTRIES } from '@progy/protocol/wire/bounds.ts';
import type { AppContext } from '../../app-env.ts';
import { type AuditPage, type AuditRow, readCourseLog, readScopeLog } from '../../domain/audit/audit-log.ts';
import { answer } from '../../http/answer.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

/** GET …/@scope/slug?before=<id>&limit=<n>: newest first. */
export async function getCourseLog(c: AppContext): Promise<Response> {
  const [name, page] = [nameInProgyPath(c), pageIn(c)];
  return sendLog(c, name.full, page, (part) => readCourseLog(c.var.signedIn, name, part));
}

/** GET …/@scope: of an organization, or of the account that asks. */
export async function getScopeLog(c: AppContext): Promise<Response> {
  const scope = (c.req.param('scope') ?? '').replace(/^@/, '');
  return sendLog(c, `@${scope}`, pageIn(c), (page) => readScopeLog(c.var.signedIn, scope, page));
}

function pageIn(c: AppContext): AuditPage {
  const result = auditLogQuerySchema.safeParse(c.req.query());
  if (result.success) return { before: result.data.before, limit: result.data.limit };
  throw new RegistryError('INVALID_REQUEST', `"before" is the id of an entry, "limit" at most ${MAX_AUDIT_ENTRIES}`);
}

/** Queries one row more than it shows, to know whether there is a next page. */
async function sendLog(
  c: AppContext,
  name: string,
  { before, limit }: AuditPage,
  read: (page: AuditPage) => Promise<AuditRow[]>,
): Promise<Response> {
  const rows = await read({ before, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
  const entries = shown.map(described);
  return answer<AuditLog>(c, { name, entries, next }, 200, { 'Cache-Control': 'private, no-store' });
}

function described({ id, at, username, tokenId, action, version, before, after }: AuditRow): AuditEntry {
  return { id, at: at.toISOString(), user: username, token: tokenId, action, version, before, after };
}
