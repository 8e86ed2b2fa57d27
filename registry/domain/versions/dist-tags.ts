// Owns the rules for moving dist-tags by hand.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { parseDistTag } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import type { AuditEntry } from '../../database/audit/audit-log.ts';
import {
  changeStates,
  type PackageStates,
  type TagMove,
  type VersionState,
} from '../../database/versions/version-states.ts';
import { findChangeable } from '../rights/changeable-package.ts';
import { versionNotFound } from './missing-version.ts';
import { untilSettled } from './revision.ts';

/**
 * Points a tag at a published version. `latest` may go anywhere: this is how an instructor rolls back a bad release.
 * @throws {RegistryError} FORBIDDEN, INVALID_TAG, PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, REVISION_CONFLICT.
 */
export async function setTag(context: SignedInContext, name: PackageName, tag: string, version: string): Promise<void> {
  const checked = parseDistTag(tag);
  await untilSettled(name, async () => {
    const states = await findChangeable(context, name);
    const state = states.versions.find((candidate) => candidate.version === version);
    if (state === undefined) throw versionNotFound(name, version);
    // A tag may have the name of a built-in property, such as constructor.
    const before = Object.hasOwn(states.distTags, checked) ? states.distTags[checked] : undefined;
    if (before === version) return;
    checkNotYanked(name, state);
    const changed = { before: before && { [checked]: before }, after: { [checked]: version } };
    const entry = { ...entryOf(context, name), action: 'dist-tag add', version, ...changed } as const;
    await move(context, states, { tag: checked, versionId: state.id }, entry);
  });
}

/**
 * Removes a tag.
 * @throws {RegistryError} FORBIDDEN, INVALID_TAG (latest stays: without it nothing installs), PACKAGE_NOT_FOUND, NOT_FOUND,
 *   REVISION_CONFLICT.
 */
export async function removeTag(context: SignedInContext, name: PackageName, tag: string): Promise<void> {
  await untilSettled(name, async () => {
    const states = await findChangeable(context, name);
    if (tag === 'latest') throw new RegistryError('INVALID_TAG', 'The tag latest cannot be removed; move it instead');
    if (!Object.hasOwn(states.distTags, tag)) throw new RegistryError('NOT_FOUND', `${name.full} has no such dist-tag`);
    const before = { [tag]: states.distTags[tag] };
    const entry = { ...entryOf(context, name), action: 'dist-tag rm', before } as const;
    await move(context, states, { tag, versionId: undefined }, entry);
  });
}

function entryOf({ actor, now }: SignedInContext, { full }: PackageName) {
  return { actor, subject: full, at: now() };
}

async function move({ db }: SignedInContext, states: PackageStates, move: TagMove, entry: AuditEntry): Promise<void> {
  const plan = { changes: [], moves: [move], entries: [entry] };
  await changeStates(db, states, [plan], entry.at);
}

function checkNotYanked(name: PackageName, { version, yanked }: VersionState): void {
  if (yanked === null) return;
  const spec = `${name.full}@${version}`;
  const message = `${spec} is yanked, so no dist-tag may point to it. Undo the yank first: progy unyank ${spec}`;
  throw new RegistryError('INVALID_TAG', message, { name: name.full, version });
}
