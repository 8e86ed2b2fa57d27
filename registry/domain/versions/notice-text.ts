// Owns publishers' messages to those who install: why a version is deprecated or yanked.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';

const MAX_CHARACTERS = 500;

/**
 * Text as one line that any terminal may print.
 * @throws {RegistryError} INVALID_REQUEST for more than 500 characters.
 */
export function noticeText(text: string): string {
  const line = escapeControls(text.toWellFormed().replace(/\s+/g, ' ').trim());
  if (line.length <= MAX_CHARACTERS) return line;
  const message = `A message may have at most ${MAX_CHARACTERS} characters; this one has ${line.length}`;
  throw new RegistryError('INVALID_REQUEST', message, { limit: MAX_CHARACTERS, found: line.length });
}

/**
 * What clients are told beside a yanked version; undefined for any other. npm prints it even where it reads no
 * packument, as when a lockfile names the version.
 */
export function yankNotice({ full }: PackageName, version: string, yanked: string | null): string | undefined {
  if (yanked === null) return undefined;
  return `${full}@${version} is yanked${yanked === '' ? '' : `: ${yanked}`}`;
}
