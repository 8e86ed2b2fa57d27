// Owns what a course's own CHANGELOG.md says of its versions.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions, tryParseVersion } from '@progy/protocol/course/version.ts';

/** Path of it in a course. */
export const CHANGELOG = 'CHANGELOG.md';
/** Characters that a registry takes. */
const MAX_SECTION = 10_000;
/** Characters that are read, and lines that are shown. */
const MAX_READ = 256 * 1024;
const MAX_LINES = 60;

/** The sections of a course's changelog after one version and up to another; undefined without any. */
export async function changelogBetween(folder: string, from: string, to: string): Promise<string | undefined> {
  const text = await readChangelog(folder);
  return text === undefined ? undefined : sectionsBetween(text, from, to);
}

/** What the changelog says of one version, without its heading; undefined without anything. */
export async function changelogOf(folder: string, version: string): Promise<string | undefined> {
  const text = await readChangelog(folder);
  return text === undefined ? undefined : sectionOf(text, version);
}

async function readChangelog(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, CHANGELOG), 'utf8').catch(() => undefined);
  return text?.slice(0, MAX_READ);
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

/** The lines below the heading of a version. */
export function sectionOf(changelog: string, wanted: string): string | undefined {
  const lines: string[] = [];
  let isWanted = false;
  for (const line of changelog.split(/\r?\n/)) {
    const version = versionIn(line);
    if (version !== undefined) isWanted = compareVersions(version, wanted) === 0;
    else if (isWanted) lines.push(line);
  }
  return lines.join('\n').trim().slice(0, MAX_SECTION) || undefined;
}

function versionIn(line: string): string | undefined {
  const [, heading] = /^#{1,3} +\[?v?([^\s\]]+)/.exec(line) ?? [];
  return tryParseVersion(heading);
}
