// Owns which files of a folder belong to a course: "files" of course.json, or else what .gitignore does not exclude.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectByGlobs } from '@progy/protocol/course/file-globs.ts';
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

/** Everything that the .gitignore files in the folder do not exclude. Ignore files outside it do not count. */
export function selectByGitignore(root: string): FileSelection {
  const rules = new GitIgnore();
  return {
    enter: async (folder) => rules.add(folder, await readIfThere(join(root, folder, '.gitignore'))),
    takesFolder: (path) => !rules.excludesFolder(path),
    takesFile: (path) => !rules.excludesFile(path),
    unused: () => [],
  };
}

/** What the globs of "files" match, in any folder. Hidden files count as files. */
export function selectByFiles(globs: readonly string[]): FileSelection {
  return { enter: async () => {}, takesFolder: () => true, ...selectByGlobs(globs) };
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  });
}
