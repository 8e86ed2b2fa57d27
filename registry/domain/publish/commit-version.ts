// Owns the end of publishing: the commit, and the answer for a version that already exists.
import type { Course } from '@progy/protocol/course/course.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { isCheckViolation, isUniqueViolation } from '../../database/database.ts';
import { findVersionEver, type VersionRow } from '../../database/packages.ts';
import {
  hasLostRight,
  insertVersion,
  isShownAlready,
  type PublishRecord,
} from '../../database/publish/insert-version.ts';
import { notYours } from '../rights/rights-on-course.ts';
import type { PublishAttempt } from './publish-attempt.ts';
import { rateLimited } from './publish-quota.ts';
import { shownAlready } from './publish-visibility.ts';

/** Versions that an admin may publish in an hour with --force. */
const NO_QUOTA = Number.MAX_SAFE_INTEGER;

/** A published version: new, or published before with the same content. */
export interface Published {
  course: Pick<Course, 'name' | 'version'>;
  version: Pick<VersionRow, 'integrity' | 'checksum' | 'sizeBytes' | 'tree'>;
  tag: string | undefined;
  already: boolean;
}

/**
 * The commit: the database's constraints decide between racing publishers, and check rights and visibility, which may
 * have changed during the upload.
 * @throws {RegistryError} RATE_LIMITED; FORBIDDEN; METADATA_MISMATCH; VERSION_EXISTS for all but the first publisher.
 */
export async function commit(
  { id, context }: PublishAttempt,
  course: Course,
  version: PublishRecord['version'],
  how: Pick<PublishRecord, 'tag' | 'restrict' | 'force'>,
): Promise<Published> {
  const { db, actor, settings } = context;
  const quota = how.force ? NO_QUOTA : settings.publishVersionsPerHour;
  const now = context.now();
  const { name, private: isPrivate } = course;
  const record = { attempt: id, name, isPrivate, version, quota, actor, now, ...how };
  try {
    await insertVersion(db, record);
    return { course, version, tag: how.tag, already: false };
  } catch (error) {
    if (isCheckViolation(error, 'registry_publish_quota')) throw rateLimited(quota, now);
    if (hasLostRight(error)) throw notYours(actor, name);
    if (isShownAlready(error)) throw shownAlready(name);
    if (!isUniqueViolation(error, 'registry_versions.version')) throw error;
    const winner = await findVersionEver(db, name, course.version);
    if (winner === undefined) throw error;
    return repeated(winner, course, version.tree);
  }
}

/** The answer for a version that exists: success if the content is the same, else a conflict. Same errors as {@link checkSame}. */
export function repeated(before: VersionRow, course: Course, tree: string): Published {
  checkSame(before, tree);
  return { course, version: before, tag: undefined, already: true };
}

/** @throws {RegistryError} VERSION_EXISTS for different content, and for an unpublished version: its number stays used. */
export function checkSame({ version, tree, unpublishedAt }: VersionRow, offered: string): void {
  if (unpublishedAt !== null)
    throw versionExists(`Version ${version} was unpublished, and a number is never used again`, version);
  if (tree !== offered) throw versionExists(`Version ${version} already exists with other content`, version);
}

function versionExists(sentence: string, version: string): RegistryError {
  return new RegistryError('VERSION_EXISTS', `${sentence}. Please increment version in course.json`, { version });
}
