// Owns caching rules of answers: ETags, 304, and who may keep what.
import type { AppContext } from '../app-env.ts';

/** True when the client already holds what `etag` names (RFC 9110 §13.1.2; weak comparison). */
export function isFresh(c: AppContext, etag: string): boolean {
  const held = c.req.header('if-none-match');
  if (held === undefined) return false;
  return held.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
}

/**
 * Documents change, so clients keep them but ask again each time: a 304 is cheap, and a version shows as soon as it is
 * published (npm/cli #9045). What only some may see is kept by nobody.
 */
export function documentCaching(c: AppContext, isPublic: boolean): string {
  if (!isPublic) return 'private, no-store';
  return c.req.header('authorization') === undefined
    ? 'public, max-age=0, must-revalidate'
    : 'private, max-age=0, must-revalidate';
}

/** Artifacts never change. */
export function artifactCaching(c: AppContext, isPublic: boolean): string {
  if (!isPublic) return 'private, no-store';
  return `${c.req.header('authorization') === undefined ? 'public' : 'private'}, max-age=31536000, immutable`;
}
