// Owns requests for the audit log, and their answers.
import * as z from 'zod';
import { MAX_AUDIT_ENTRIES } from './bounds.ts';

const DEFAULT_AUDIT_ENTRIES = 50;

/** Query parameters. */
export const auditLogQuerySchema = z.object({
  /** Only entries older than the one with this id. */
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_AUDIT_ENTRIES).default(DEFAULT_AUDIT_ENTRIES),
});

export type AuditLogQuery = Partial<z.output<typeof auditLogQuerySchema>>;

const auditEntrySchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  /** Null: the registry itself. */
  user: z.string().nullable(),
  /** Key of the token; null for a change from a browser. */
  token: z.string().nullable(),
  action: z.string(),
  version: z.string().nullable(),
  /** Any JSON; null for what did not exist, or no longer does. */
  before: z.unknown(),
  after: z.unknown(),
});

export const auditLogSchema = z.object({
  name: z.string(),
  /** Newest first. */
  entries: z.array(auditEntrySchema),
  /** The `before` of the next page; null on the last. */
  next: z.int().nullable(),
});

/** One change. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditLog = z.infer<typeof auditLogSchema>;
