// Owns what a student reads after `progy status`.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { VersionNotes } from '@progy/protocol/wire/packument.ts';
import { showNotes } from '../registry/version-notes.ts';
import type { FoundPlace } from '../student/transition/place.ts';
import type { Comparison } from '../update/comparison.ts';

export interface StatusResult {
  readonly name: string;
  readonly version: string;
  /** Address of the registry. */
  readonly registry: string;
  /** A higher version; null if there is none, undefined if neither the registry nor the cache knows. */
  readonly newVersion: string | null | undefined;
  /** What the publisher says about the student's version. */
  readonly notes: VersionNotes;
  /** Undefined if the published course is neither in the cache nor to be had. */
  readonly work: Comparison | undefined;
  readonly withoutGit: FoundPlace['withoutGit'];
  /** An update whose conflicts are not solved. */
  readonly isMerging: boolean;
}

/** More paths than this are counted, not listed. */
const MAX_LISTED = 20;

export function showStatus(status: StatusResult): string {
  const { name, version, notes, newVersion, isMerging } = status;
  const note = showNotes(`${name}@${version}`, notes);
  return [
    `${name} ${version}`,
    ...(note === undefined ? [] : [`  ${note}`]),
    ...(typeof newVersion === 'string' ? [`  new      ${newVersion}`] : []),
    ...(isMerging ? ['  update   under way, with conflicts that are not solved'] : []),
    ...showWork(status),
    '',
    nextStep(status),
  ].join('\n');
}

function showWork({ work }: StatusResult): string[] {
  if (work === undefined) return ['  changes  not known: the published course is not in the cache'];
  const { changed, added, removed } = work;
  if (changed.length + added.length + removed.length === 0) return ['  changes  none: it is as published'];
  return [...list('changed', changed), ...list('yours  ', added), ...list('removed', removed)];
}

function list(title: string, paths: readonly string[]): string[] {
  const shown = paths.slice(0, MAX_LISTED).map((path) => escapeControls(path));
  const lines = paths.length > MAX_LISTED ? [...shown, `and ${paths.length - MAX_LISTED} more`] : shown;
  return lines.map((line, index) => `  ${index === 0 ? title : ' '.repeat(title.length)}  ${line}`);
}

function nextStep({ isMerging, newVersion, work }: StatusResult): string {
  if (isMerging) return 'Next: solve the conflicts and commit, or give it up: progy update --abort';
  if (typeof newVersion === 'string') return 'Next: see what it brings: progy update --dry-run';
  return work?.changed.length ? 'Next: see what you changed: progy diff' : 'Next: go on with your course';
}
