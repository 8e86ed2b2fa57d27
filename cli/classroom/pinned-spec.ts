// Owns which of two wins for `progy init`: what was typed, or what a lockfile pins.
import { highestIn } from '@progy/protocol/course/version.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { CliError } from '../cli-error.ts';
import type { CourseSpec } from '../registry/spec.ts';
import type { Talk } from '../terminal/talk.ts';
import { type PinnedCourse, shownLockfile } from './pinned-course.ts';

/** What to start, and what its bytes must be. */
export interface Wanted {
  readonly spec: CourseSpec;
  /** Undefined: no lockfile has a say. */
  readonly pinned?: PinnedCourse;
}

/**
 * An exact version that somebody typed wins over a lockfile, and they are told. Otherwise the lockfile wins: over nothing, a
 * tag, or a range that allows what it pins.
 * @throws {CliError} LOCKFILE_AMBIGUOUS for a range that does not allow it.
 */
export function heedLockfile(spec: CourseSpec, pinned: PinnedCourse | undefined, talk: Talk): Wanted {
  if (pinned === undefined) return { spec };
  const { name, version } = pinned;
  const says = `${shownLockfile(pinned.lockfile)} pins ${name.full} ${version}`;
  const isAllowed = spec.wanted === 'latest' || spec.kind === 'tag' || highestIn([version], spec.wanted) !== undefined;
  if (spec.kind === 'version' && !isAllowed) {
    talk.warn(`${says}, but you asked for ${escapeControls(spec.wanted)}: that is what you get.`);
    return { spec };
  }
  if (!isAllowed) throw disagreement(says, spec, version);
  talk.note(`${says}, so that is what you get, byte for byte.`);
  return { spec: { name, wanted: version, kind: 'version' }, pinned };
}

function disagreement(says: string, { name, wanted }: CourseSpec, version: string): CliError {
  const next = `To start what is pinned: progy init ${name.full}@${version}. For another version, name it exactly.`;
  return new CliError('LOCKFILE_AMBIGUOUS', `${says}, and ${escapeControls(wanted)} does not allow that`, next);
}
