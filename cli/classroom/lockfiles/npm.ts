// Owns reading package-lock.json and npm-shrinkwrap.json, versions 1 to 3.
import type { LockfileReader } from './locked-course.ts';

/**
 * Version 1 lists `dependencies` by name; 2 and 3 list `packages` by their folder. Where the course is installed at the
 * top, other places do not count.
 */
export const readNpmLock: LockfileReader = function* (text, { full }) {
  const { packages, dependencies } = JSON.parse(text);
  const places = Object.entries(Object(packages ?? dependencies) as Record<string, object>);
  const top = packages === undefined ? full : `node_modules/${full}`;
  const own = places.filter(([place]) => place === top || place.endsWith(`/node_modules/${full}`));
  const isAtTop = own.some(([place]) => place === top);
  for (const [place, entry] of own) {
    if (isAtTop && place !== top) continue;
    const { version, integrity, resolved } = Object(entry);
    yield { version, integrity, resolved };
  }
};
