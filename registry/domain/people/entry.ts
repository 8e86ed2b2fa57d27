// Owns the entry that an act about people leaves in the audit log.
import type { SignedInContext } from '../../context.ts';
import type { AuditAction, AuditEntry } from '../../database/audit/audit-log.ts';

/** The entry of an act of whoever is signed in, now. @param subject `@scope/slug` of a course, or `@scope` of an organization. */
export function entryOf(
  { actor, now }: SignedInContext,
  subject: string,
  action: AuditAction,
  values: Pick<AuditEntry, 'before' | 'after'>,
): AuditEntry {
  return { actor, action, subject, at: now(), ...values };
}
