// Owns the rules for moving dist-tags by hand.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { PackageName } from '@progy/protocol/package-name.ts';
import { parseDistTag, tryParseVersion } from '@progy/protocol/version.ts';
import { openDatabase } from '../database/database.ts';
import { deleteDistTag, moveDistTag } from '../database/dist-tags.ts';
import { findTaggedPackage, findVersion } from '../database/packages.ts';
import type { Env } from '../env.ts';
import { checkRight } from './access.ts';
import type { Actor } from './permissions.ts';
import { versionNotFound } from './read-documents.ts';
import { visible } from './visible-package.ts';

/**
 * Points a tag at a published version. `latest` may go anywhere: by hand is how an instructor takes a bad release back.
 * @throws {RegistryError} FORBIDDEN, INVALID_TAG, PACKAGE_NOT_FOUND, VERSION_NOT_FOUND.
 */
export async function setTag(env: Env, actor: Actor, name: PackageName, tag: string, version: string): Promise<void> {
  const checked = parseDistTag(tag);
  const { distTags } = await checkOwned(env, actor, name);
  const db = openDatabase(env.DB);
  const row = tryParseVersion(version) && (await findVersion(db, name, version))?.version;
  if (!row) throw versionNotFound(name, version);
  const before = distTags[checked];
  if (before === version) return;
  const entry = { actor, action: 'dist-tag add', subject: name.full, version, at: new Date() } as const;
  await moveDistTag(db, name, checked, row.id, {
    ...entry,
    before: before && { [checked]: before },
    after: { [checked]: version },
  });
}

/**
 * Removes a tag.
 * @throws {RegistryError} FORBIDDEN, INVALID_TAG (latest stays: without it nothing installs), PACKAGE_NOT_FOUND, NOT_FOUND.
 */
export async function removeTag(env: Env, actor: Actor, name: PackageName, tag: string): Promise<void> {
  const { distTags } = await checkOwned(env, actor, name);
  if (tag === 'latest') throw new RegistryError('INVALID_TAG', 'The tag latest always exists; move it instead');
  if (!Object.hasOwn(distTags, tag)) throw new RegistryError('NOT_FOUND', `${name.full} has no such dist-tag`);
  const before = { [tag]: distTags[tag] };
  const entry = { actor, action: 'dist-tag rm', subject: name.full, before, at: new Date() } as const;
  await deleteDistTag(openDatabase(env.DB), name, tag, entry);
}

/** Somebody else's private course is missing before it is forbidden. */
async function checkOwned(env: Env, actor: Actor, name: PackageName) {
  const found = await findTaggedPackage(openDatabase(env.DB), name);
  const seen = await visible(env, found, name, async () => actor);
  await checkRight(env, actor, name, 'write');
  return seen;
}
