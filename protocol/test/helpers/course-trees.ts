// Owns random courses for property tests: odd names, exec bits, empty files, binaries.
import fc from 'fast-check';
import { checkCollisions, type FileMode, pathProblem } from '../../course/course-files.ts';
import type { PackableFile } from '../../zip/progy-file.ts';
import { courseFiles, packable } from './files.ts';

/** Names that some tool treats specially, or that resemble our own. */
const ODD_NAMES = [
  '.gitignore',
  '.GitIgnore',
  'package.json',
  'Package.json',
  'binding.gyp',
  'npm-shrinkwrap.json',
  'package',
  'stored',
  '.gitignore.stored',
  '__proto__',
  'constructor',
  '%2e%2e',
  '~',
  '$HOME',
  '-rf',
  'a b',
  '日本語',
  'naïve',
  '🦀',
  'x'.repeat(120),
];

const segment = fc.oneof(
  fc.constantFrom(...ODD_NAMES),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).map((name) => name.normalize('NFC')),
);

const path = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  .map((segments) => segments.join('/'))
  .filter((path) => pathProblem(path) === undefined);

const content = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ maxLength: 400 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc.tuple(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 600_000 })).map(([text, size]) => {
    return new Uint8Array(Buffer.alloc(size, text));
  }),
);

const mode = fc.constantFrom<FileMode>('100644', '100755');

/** A valid course of up to a dozen files besides the required ones. */
export const courseTrees: fc.Arbitrary<PackableFile[]> = fc
  .array(fc.tuple(path, content, mode), { maxLength: 12 })
  .map((files) => withoutCollisions(files.map(([path, content, mode]) => packable(path, content, mode))));

function withoutCollisions(files: PackableFile[]): PackableFile[] {
  const kept = courseFiles();
  for (const file of files) if (fits(kept, file)) kept.push(file);
  return kept;
}

function fits(kept: readonly PackableFile[], file: PackableFile): boolean {
  try {
    checkCollisions([...kept, file].map(({ path }) => path));
    return true;
  } catch {
    return false;
  }
}
