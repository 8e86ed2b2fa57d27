// Owns the audit log as it is asked for and answered.
import * as z from 'zod';
import { MAX_AUDIT_ENTRIES } from './bounds.ts';

const DEFAULT_AUDIT_ENTRIES = 50;

/** What follows the `?`. */
export const auditLogQuerySchema = z.object({
  /** Only entries that are older than the one of this id. */
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_AUDIT_ENTRIES).default(DEFAULT_AUDIT_ENTRIES),
});

export type AuditLogQuery = Partial<z.output<typeof auditLogQuerySchema>>;

const auditEntrySchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  /** Null: the registry itself. */
  user: z.string().nullable(),
  /** Key of the token; null where a browser did it. */
  token: z.string().nullable(),
  action: z.string(),
  version: z.string().nullable(),
  /** Any JSON; null for what was not, or is no more. */
  before: z.unknown(),
  after: z.unknown(),
});

export const auditLogSchema = z.object({
  name: z.string(),
  /** Newest first. */
  entries: z.array(auditEntrySchema),
  /** What `before` of the next page is; null on the last. */
  next: z.int().nullable(),
});

/** One change. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditLog = z.infer<typeof auditLogSchema>;
