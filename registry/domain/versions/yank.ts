// Owns yanking: hiding a version from new students while keeping it for those who rely on it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import type { SignedInContext } from '../../context.ts';
import type { AuditEntry } from '../../database/audit/audit-log.ts';
import { changeStates } from '../../database/versions/version-states.ts';
import { findChangeable } from '../rights/changeable-package.ts';
import { movedTags, movesOfYank } from './latest.ts';
import { versionNotFound } from './missing-version.ts';
import { noticeText } from './notice-text.ts';
import { untilSettled } from './revision.ts';

/** What a yank or unyank changed. */
export interface Yanked {
  /** The reason, possibly ''. Null: it is not yanked. */
  yanked: string | null;
  /** It was already in this state. */
  already: boolean;
  /** `{tag: version}` before and after. */
  before: Record<string, string>;
  after: Record<string, string>;
}

/**
 * Yanks a version, or gives another reason for it. `latest` goes to the best version left; other tags that named it go away.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, FORBIDDEN, INVALID_REQUEST, REVISION_CONFLICT.
 */
export async function yank(
  context: SignedInContext,
  name: PackageName,
  version: Version,
  reason: string,
): Promise<Yanked> {
  return setYanked(context, name, version, noticeText(reason));
}

/**
 * Undoes a yank. `latest` moves to the version again if it is higher than what `latest` names, as in a publish; other
 * tags are not restored.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, FORBIDDEN, REVISION_CONFLICT.
 */
export async function unyank(context: SignedInContext, name: PackageName, version: Version): Promise<Yanked> {
  return setYanked(context, name, version, null);
}

async function setYanked(
  context: SignedInContext,
  name: PackageName,
  version: Version,
  yanked: string | null,
): Promise<Yanked> {
  return untilSettled(name, async () => {
    const states = await findChangeable(context, name);
    const state = states.versions.find((candidate) => candidate.version === version);
    if (state === undefined) throw versionNotFound(name, version);
    const before = states.distTags;
    if (state.yanked === yanked) return { yanked, already: true, before, after: before };
    const moves = movesOfYank(states, state, yanked);
    const after = movedTags(states, moves);
    const now = context.now();
    const entry: AuditEntry = {
      actor: context.actor,
      action: yanked === null ? 'unyank' : 'yank',
      subject: name.full,
      version,
      before: { yanked: state.yanked, distTags: before },
      after: { yanked, distTags: after },
      at: now,
    };
    const changes = [{ ids: [state.id], state: { yanked } }];
    await changeStates(context.db, states, [{ changes, moves, entries: [entry] }], now);
    return { yanked, already: false, before, after };
  });
}
