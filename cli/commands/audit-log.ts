// Owns `progy audit-log`: who changed a course, when, with which token, and from what to what.

import { type AuditEntry, type AuditLogQuery, auditLogSchema } from '@progy/protocol/wire/audit-log.ts';
import { auditLogPath } from '@progy/protocol/wire/urls.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseCourseOrScope } from '../registry/spec.ts';
import { formatMoment } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import type { AuditLogOptions } from '../usage/audit-log.ts';

/** Characters of a key that are enough to tell tokens apart. */
const SHOWN_KEY = 8;
const MAX_VALUE = 24;
/** Not useful in a table; --json has them. */
const HIDDEN = new Set(['integrity', 'tree']);

export interface AuditLogResult {
  readonly name: string;
  readonly entries: readonly AuditEntry[];
  /** The `before` of the next page; null on the last. */
  readonly next: number | null;
  /** The command that shows the next page. */
  readonly nextCommand?: string;
  readonly now: Date;
}

export async function run(options: AuditLogOptions, context: Context): Promise<AuditLogResult> {
  const { subject, scope } = parseCourseOrScope(options.name);
  const registry = await chooseSignedIn(context, options.registry, scope);
  const limit = options.limit === undefined ? '' : ` --limit ${options.limit}`;
  const client = createRegistryClient(registry, context.signal);
  const { entries, next } = await client.read(auditLogPath(subject) + queryOf(options), auditLogSchema);
  const nextCommand =
    next === null
      ? {}
      : { nextCommand: `progy audit-log ${subject} --before ${next}${limit}${registryFlag(registry)}` };
  return { name: subject, entries, next, ...nextCommand, now: new Date() };
}

function queryOf({ limit, before }: AuditLogOptions): string {
  const wanted: AuditLogQuery = { limit, before };
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(wanted)) if (value !== undefined) query.set(field, String(value));
  return query.size === 0 ? '' : `?${query}`;
}

export const views: Views<AuditLogResult> = {
  human: ({ name, entries, nextCommand, now }) =>
    entries.length === 0
      ? `Nothing has happened to ${name}${nextCommand === undefined ? '' : ' there'}.`
      : [showEntries(entries, now), ...(nextCommand === undefined ? [] : ['', `Older entries: ${nextCommand}`])].join(
          '\n',
        ),
  json: ({ name, entries, next }) => ({ name, entries, next }),
};

function showEntries(entries: readonly AuditEntry[], now: Date): string {
  const rows = entries.map((entry) => [
    formatMoment(new Date(entry.at), now),
    entry.user ?? 'the registry',
    entry.token?.slice(0, SHOWN_KEY) ?? '–',
    [entry.action, entry.version].filter(Boolean).join(' '),
    changesOf(entry).join(', '),
  ]);
  return table(['WHEN', 'WHO', 'TOKEN', 'WHAT', 'CHANGE'], rows);
}

/** `tag: none → beta`, one for each field that differs. */
function changesOf({ before, after }: AuditEntry): string[] {
  const [from, to] = [fieldsOf(before), fieldsOf(after)];
  const fields = [...new Set([...from.keys(), ...to.keys()])].filter((field) => !HIDDEN.has(field));
  return fields.flatMap((field) => {
    const [was, is] = [shown(from.get(field)), shown(to.get(field))];
    return was === is ? [] : [`${field}: ${was} → ${is}`];
  });
}

function fieldsOf(value: unknown): Map<string, unknown> {
  if (value === null || value === undefined) return new Map();
  return typeof value === 'object' && !Array.isArray(value) ? new Map(Object.entries(value)) : new Map([['it', value]]);
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === false) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE - 1)}…` : line;
}
