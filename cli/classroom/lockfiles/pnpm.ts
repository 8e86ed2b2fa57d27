// Owns reading pnpm-lock.yaml, of pnpm 7 and newer.
import { FAILSAFE_SCHEMA, loadAll } from 'js-yaml';
import type { LockfileReader } from './locked-course.ts';

/**
 * Keys are `@scope/slug@1.0.0`, before pnpm 9 with a slash in front, and before pnpm 8 with one as the last separator.
 * pnpm 11 and newer may write a document about pnpm itself first.
 */
export const readPnpmLock: LockfileReader = function* (text, { full }) {
  for (const document of loadAll(text, null, { schema: FAILSAFE_SCHEMA, json: true })) {
    for (const [key, entry] of Object.entries(Object(Object(document).packages) as Record<string, object>)) {
      const spec = key.startsWith('/') ? key.slice(1) : key;
      const separator = spec[full.length];
      if (!spec.startsWith(full) || (separator !== '@' && separator !== '/')) continue;
      const { integrity, tarball } = Object(Object(entry).resolution);
      yield { version: spec.slice(full.length + 1), integrity, resolved: tarball };
    }
  }
};
