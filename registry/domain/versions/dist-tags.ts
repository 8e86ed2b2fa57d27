// Owns the rules for moving dist-tags by hand.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { parseDistTag } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AuditEntry } from '../../database/audit/audit-log.ts';
import { openDatabase } from '../../database/database.ts';
import {
  changeStates,
  type PackageStates,
  type TagMove,
  type VersionState,
} from '../../database/versions/version-states.ts';
import type { Env } from '../../env.ts';
import type { Actor } from '../rights/actor.ts';
import { findChangeable } from '../rights/changeable-package.ts';
import { versionNotFound } from './missing-version.ts';
import { untilSettled } from './revision.ts';

/**
 * Points a tag at a published version. `latest` may go anywhere: by hand is how an instructor takes a bad release back.
 * @throws {RegistryError} FORBIDDEN, INVALID_TAG, PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, REVISION_CONFLICT.
 */
export async function setTag(env: Env, actor: Actor, name: PackageName, tag: string, version: string): Promise<void> {
  const checked = parseDistTag(tag);
  await untilSettled(name, async () => {
    const states = await findChangeable(env, actor, name);
    const state = states.versions.find((candidate) => candidate.version === version);
    if (state === undefined) throw versionNotFound(name, version);
    // A tag may be called what every object has, such as constructor.
    const before = Object.hasOwn(states.distTags, checked) ? states.distTags[checked] : undefined;
    if (before === version) return;
    checkNotYanked(name, state);
    const changed = { before: before && { [checked]: before }, after: { [checked]: version } };
    const entry = { actor, action: 'dist-tag add', subject: name.full, version, at: new Date(), ...changed } as const;
    await move(env, name, states, { tag: checked, versionId: state.id }, entry);
  });
}

/**
 * Removes a tag.
 * @throws {RegistryError} FORBIDDEN, INVALID_TAG (latest stays: without it nothing installs), PACKAGE_NOT_FOUND, NOT_FOUND,
 *   REVISION_CONFLICT.
 */
export async function removeTag(env: Env, actor: Actor, name: PackageName, tag: string): Promise<void> {
  await untilSettled(name, async () => {
    const states = await findChangeable(env, actor, name);
    if (tag === 'latest') throw new RegistryError('INVALID_TAG', 'The tag latest always exists; move it instead');
    if (!Object.hasOwn(states.distTags, tag)) throw new RegistryError('NOT_FOUND', `${name.full} has no such dist-tag`);
    const before = { [tag]: states.distTags[tag] };
    const entry = { actor, action: 'dist-tag rm', subject: name.full, before, at: new Date() } as const;
    await move(env, name, states, { tag, versionId: undefined }, entry);
  });
}

async function move(
  env: Env,
  name: PackageName,
  states: PackageStates,
  move: TagMove,
  entry: AuditEntry,
): Promise<void> {
  const plan = { changes: [], moves: [move], entries: [entry] };
  await changeStates(openDatabase(env.DB), name, states, [plan], entry.at);
}

function checkNotYanked(name: PackageName, { version, yanked }: VersionState): void {
  if (yanked === null) return;
  const spec = `${name.full}@${version}`;
  const message = `${spec} is yanked, so no dist-tag may name it. Take that back first with: progy unyank ${spec}`;
  throw new RegistryError('INVALID_TAG', message, { name: name.full, version });
}
