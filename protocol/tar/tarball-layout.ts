// Owns where a course file goes in a tarball: under its own name, or a neutral one if npm or git would act on it.
import { foldPath } from '../course/course-files.ts';

/** npm wants everything below one folder of this name. */
const ROOT = 'package/';
const STORED_ROOT = '.progy/stored/';
const STORED_SUFFIX = '.stored';

/** npm's manifest of the version, made from course.json. */
export const MANIFEST_ENTRY = `${ROOT}package.json`;
/** Tells who opens an installed course that it is not theirs to work in, see notice.ts. */
export const NOTICE_ENTRY = `${ROOT}NOT-YOUR-COPY.md`;
/** The list of course files, see file-list.ts. */
export const FILE_LIST_ENTRY = `${ROOT}.progy/files.json`;

/**
 * Root files that npm reads, and ours. binding.gyp makes `npm ci` run a compiler, npm-shrinkwrap.json pulls packages in,
 * package.json and the notice are ours.
 */
const ROOT_NAMES = new Set(['package.json', 'binding.gyp', 'npm-shrinkwrap.json', 'not-your-copy.md']);
/** npm renames it to .npmignore in any folder. */
const RENAMED_BY_NPM = '.gitignore';

/** Where a course file goes below `package/` if not under its own name. Injective, so names alone can be mapped back. */
export function storedName(path: string): string | undefined {
  return needsStoring(path) ? `${STORED_ROOT}${path}${STORED_SUFFIX}` : undefined;
}

/** The name of a course file's entry in the tarball. */
export function entryNameOf(path: string): string {
  return ROOT + (storedName(path) ?? path);
}

/** The course file that an entry holds, or undefined for a name that {@link entryNameOf} never gives. */
export function pathOf(entryName: string): string | undefined {
  if (!entryName.startsWith(ROOT)) return undefined;
  const name = entryName.slice(ROOT.length);
  const stored = name.startsWith(STORED_ROOT) && name.endsWith(STORED_SUFFIX);
  const path = stored ? name.slice(STORED_ROOT.length, -STORED_SUFFIX.length) : name;
  return entryNameOf(path) === entryName ? path : undefined;
}

function needsStoring(path: string): boolean {
  const folded = foldPath(path);
  return ROOT_NAMES.has(folded) || folded.split('/').at(-1) === RENAMED_BY_NPM;
}
