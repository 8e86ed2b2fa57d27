// Owns reading bun.lock.
import { type ParseError, parse } from 'jsonc-parser';
import type { LockfileReader } from './locked-course.ts';

/** Each package is a list: `@scope/slug@1.0.0`, its URL (`""` for the default registry), its dependencies, its integrity. */
export const readBunLock: LockfileReader = function* (text, { full }) {
  const errors: ParseError[] = [];
  const lock = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error('not JSON');
  for (const entry of Object.values(Object(Object(lock).packages))) {
    const [spec, resolved, , integrity] = Array.isArray(entry) ? entry : [];
    if (typeof spec !== 'string' || !spec.startsWith(`${full}@`)) continue;
    yield { version: spec.slice(full.length + 1), integrity, resolved: resolved || undefined };
  }
};
