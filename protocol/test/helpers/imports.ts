// Owns reading which source file of the repository imports which.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const ROOT = new URL('../../../', import.meta.url);

/** Paths start at the root of the repository; a package keeps its own name. */
export interface Import {
  file: string;
  to: string;
}

/** All source files, tracked by git or new, by their paths from the root of the repository. */
export function sourceFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const deleted = execFileSync('git', ['ls-files', '--deleted'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return listed.filter((file) => !deleted.includes(file) && !file.startsWith('fixtures/courses/'));
}

/** What each of the files imports. */
export function importsOf(files: readonly string[]): Import[] {
  return files.flatMap((file) =>
    importedBy(readFileSync(new URL(file, ROOT), 'utf8')).map((specifier) => ({ file, to: resolve(file, specifier) })),
  );
}

/** The specifiers of static, dynamic and side-effect imports, and of re-exports. */
export function importedBy(source: string): string[] {
  return [...source.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map((match) => match[1] ?? '');
}

/** What a specifier in a file means. */
export function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  return specifier.replace(/^@progy\/(protocol|registry|cli)\b/, '$1');
}
