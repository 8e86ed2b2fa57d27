// Owns which files of a folder belong to a course: "files" of course.json, or else what .gitignore does not exclude.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { GitIgnore } from './gitignore.ts';

/** Answers for paths relative to the course folder. Folders are entered from the top down. */
export interface FileSelection {
  /** Called once before anything in a folder is asked about. @param folder '' for the course folder. */
  enter(folder: string): Promise<void>;
  takesFolder(path: string): boolean;
  takesFile(path: string): boolean;
  /** Patterns that matched nothing so far. */
  unused(): readonly string[];
}

/** Everything that the .gitignore files in the folder do not exclude. Ignore files outside it play no part. */
export function selectByGitignore(root: string): FileSelection {
  const rules = new GitIgnore();
  return {
    enter: async (folder) => rules.add(folder, await readIfThere(join(root, folder, '.gitignore'))),
    takesFolder: (path) => !rules.excludesFolder(path),
    takesFile: (path) => !rules.excludesFile(path),
    unused: () => [],
  };
}

/** What globs take: `content/**`, a folder's name for all of it, `!drafts/**` for what not. Hidden files count as files. */
export function selectByGlobs(globs: readonly string[]): FileSelection {
  const not = globs.filter((glob) => glob.startsWith('!')).map((glob) => matcher(glob.slice(1)));
  const taking = globs
    .filter((glob) => !glob.startsWith('!'))
    .map((glob) => ({ glob, matches: matcher(glob), used: false }));
  if (taking.length === 0) taking.push({ glob: '**', matches: () => true, used: true });
  return {
    enter: async () => {},
    takesFolder: () => true,
    takesFile(path) {
      if (not.some((matches) => matches(path))) return false;
      const found = taking.filter(({ matches }) => matches(path));
      for (const rule of found) rule.used = true;
      return found.length > 0;
    },
    unused: () => taking.filter(({ used }) => !used).map(({ glob }) => glob),
  };
}

function matcher(glob: string): (path: string) => boolean {
  const pattern = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (pattern === '' || pattern === '.') return () => true;
  return picomatch([pattern, `${pattern}/**`], { dot: true, nonegate: true });
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  });
}
