// Owns the caching rules of answers: ETags, 304, and who may cache what.

/** The ETags of the client's copies, without the mark of weak ones; `*` stands for any (RFC 9110 §13.1.2). */
export function heldBy({ headers }: Request): string[] {
  const held = headers.get('if-none-match');
  return held === null ? [] : held.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

/** The first of these ETags that the client has. */
export function freshOf(request: Request, [first, ...others]: readonly [string, ...string[]]): string | undefined {
  const held = heldBy(request);
  return held.includes('*') ? first : [first, ...others].find((etag) => held.includes(etag));
}

/**
 * Documents change, so clients cache them but revalidate each time: a 304 is cheap, and a version shows as soon as it is
 * published (npm/cli #9045). Shared caches never keep what only some may see.
 */
export function documentCaching({ headers }: Request, isPublic: boolean): string {
  if (!isPublic) return 'private, no-store';
  return headers.has('authorization') ? 'private, max-age=0, must-revalidate' : 'public, max-age=0, must-revalidate';
}

/** Artifacts never change. */
export function artifactCaching({ headers }: Request, isPublic: boolean): string {
  if (!isPublic) return 'private, no-store';
  return `${headers.has('authorization') ? 'private' : 'public'}, max-age=31536000, immutable`;
}
