// Owns what a course's own CHANGELOG.md says of the versions that an update brings.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions, tryParseVersion } from '@progy/protocol/course/version.ts';

/** Characters that are read, and lines that are shown. */
const MAX_READ = 256 * 1024;
const MAX_LINES = 60;

/** The sections of a course's changelog after one version and up to another; undefined without any. */
export async function changelogBetween(folder: string, from: string, to: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'CHANGELOG.md'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : sectionsBetween(text.slice(0, MAX_READ), from, to);
}

/** Sections begin with a heading that has a version in it: `## 1.1.0`, `## [1.1.0] - 2026-10-01`, `# v1.1.0`. */
export function sectionsBetween(changelog: string, from: string, to: string): string | undefined {
  const lines: string[] = [];
  let isWanted = false;
  for (const line of changelog.split(/\r?\n/)) {
    const version = versionIn(line);
    if (version !== undefined) isWanted = compareVersions(version, from) > 0 && compareVersions(version, to) <= 0;
    if (isWanted) lines.push(line);
  }
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
  return shown.join('\n').trim() || undefined;
}

function versionIn(line: string): string | undefined {
  const [, heading] = /^#{1,3} +\[?v?([^\s\]]+)/.exec(line) ?? [];
  return tryParseVersion(heading);
}
