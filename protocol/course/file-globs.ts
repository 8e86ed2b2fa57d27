// Owns "files" of course.json: which paths its globs match, for progy packing a folder and for the registry reading an npm tarball.
import { RegistryError } from '../errors.ts';
import { type CountSteps, Glob } from './glob.ts';

/** Total comparisons allowed, about a second's worth. 100 globs on 20,000 files need a tenth, unless built to be slow. */
const MAX_STEPS = 50_000_000;

/** Which files the globs match. */
export interface FileGlobs {
  /** @throws {RegistryError} INVALID_COURSE once all calls together took too long. */
  takesFile(path: string): boolean;
  /** Globs that have matched nothing so far. */
  unused(): readonly string[];
}

/** `content/**`; a folder's name for everything in it; `!drafts/**` to exclude. @throws {RegistryError} INVALID_COURSE */
export function selectByGlobs(globs: readonly string[]): FileGlobs {
  const count = stepCounter();
  const not = globs.filter((glob) => glob.startsWith('!')).map((glob) => new Glob(glob.slice(1)));
  const taking = globs
    .filter((glob) => !glob.startsWith('!'))
    .map((text) => ({ text, glob: new Glob(text), used: false }));
  if (taking.length === 0) taking.push({ text: '**', glob: new Glob('**'), used: true });
  return {
    takesFile(path) {
      const segments = path.split('/');
      if (not.some((glob) => glob.matches(segments, count))) return false;
      const found = taking.filter(({ glob }) => glob.matches(segments, count));
      for (const rule of found) rule.used = true;
      return found.length > 0;
    },
    unused: () => taking.filter(({ used }) => !used).map(({ text }) => text),
  };
}

function stepCounter(): CountSteps {
  let left = MAX_STEPS;
  return (steps) => {
    left -= steps;
    if (left < 0) throw tooSlow();
  };
}

function tooSlow(): RegistryError {
  const problem = 'has patterns that take too long to match';
  return new RegistryError('INVALID_COURSE', `course.json: "files" ${problem}`, { path: 'files', problem });
}
