// Owns reading the audit log that a registry answers.
import { CliError } from '../cli-error.ts';
import type { AnswerBody } from './answers.ts';

/** One change. */
export interface AuditEntry {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  /** Null: the registry itself. */
  readonly user: string | null;
  /** Key of the token; null where a browser did it. */
  readonly token: string | null;
  readonly action: string;
  readonly version: string | null;
  /** Any JSON; null for what was not, or is no more. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditLog {
  readonly entries: readonly AuditEntry[];
  /** What `before` of the next page is; null on the last. */
  readonly next: number | null;
}

/** @throws {CliError} NOT_A_REGISTRY for an answer that is no log. */
export function parseAuditLog({ entries, next = null }: AnswerBody, registry: string): AuditLog {
  const isNext = next === null || Number.isSafeInteger(next);
  if (Array.isArray(entries) && entries.every(isEntry) && isNext) return { entries, next: next as number | null };
  throw new CliError('NOT_A_REGISTRY', `${registry} tells what happened in a strange way`);
}

function isEntry(value: unknown): value is AuditEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { id, at, user, token, action, version } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(id) &&
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    typeof action === 'string' &&
    [user, token, version].every((text) => text === null || typeof text === 'string')
  );
}
