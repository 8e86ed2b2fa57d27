// Owns the audits that clients send: courses have no dependencies, so no advisory can name one. No body is read.
import type { AppContext } from '../../../app-env.ts';

/** POST /-/npm/v1/security/advisories/bulk: what npm, pnpm 12, Yarn 4 and bun ask. Advisories by package name. */
export function postAudit(c: AppContext): Response {
  return c.json({});
}

const NONE = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };

/** POST /-/npm/v1/security/audits and …/quick: what npm 6 and pnpm up to 10 ask. The report of a project without advisories. */
export function postAuditReport(c: AppContext): Response {
  const metadata = {
    vulnerabilities: NONE,
    dependencies: 0,
    devDependencies: 0,
    optionalDependencies: 0,
    totalDependencies: 0,
  };
  return c.json({ actions: [], advisories: {}, muted: [], metadata });
}
