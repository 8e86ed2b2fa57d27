// Owns unpublishing versions published by mistake, within a time limit; the number stays used.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import type { AuditEntry } from '../../database/audit/audit-log.ts';
import { findVersionEver } from '../../database/packages.ts';
import {
  changeStates,
  type PackageStates,
  type StatePlan,
  type VersionState,
} from '../../database/versions/version-states.ts';
import type { Actor } from '../rights/actor.ts';
import { findChangeable } from '../rights/changeable-package.ts';
import { movedTags, tagMoves } from './latest.ts';
import { versionNotFound } from './missing-version.ts';
import { checkRev, untilSettled } from './revision.ts';

/** After this time others may rely on a version. npm's own policy has the same window. */
const WINDOW_HOURS = 72;
const WINDOW_MS = WINDOW_HOURS * 3_600_000;

/**
 * Unpublishes a whole course.
 * @param rev the `_rev` that the client read.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, FORBIDDEN (one of its versions is too old, too), REVISION_CONFLICT.
 */
export async function unpublishPackage(context: SignedInContext, name: PackageName, rev: string): Promise<void> {
  await untilSettled(name, async () => {
    const states = await findChangeable(context, name);
    checkRev(name, states.package, rev);
    await unpublish(context, states, states.versions);
  });
}

/**
 * Unpublishes one version; for one that is unpublished already there is nothing to do, whatever the `_rev`.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, FORBIDDEN, REVISION_CONFLICT.
 */
export async function unpublishVersion(
  context: SignedInContext,
  name: PackageName,
  version: Version,
  rev: string,
): Promise<void> {
  await untilSettled(name, async () => {
    const states = await findChangeable(context, name);
    const state = states.versions.find((candidate) => candidate.version === version);
    if (state === undefined) return checkWasPublished(context, name, version);
    checkRev(name, states.package, rev);
    await unpublish(context, states, [state]);
  });
}

async function unpublish(
  { db, actor, now }: SignedInContext,
  states: PackageStates,
  gone: readonly VersionState[],
): Promise<void> {
  const at = now();
  await changeStates(db, states, [planUnpublish(actor, states, gone, at)], at);
}

async function checkWasPublished({ db }: SignedInContext, name: PackageName, version: Version): Promise<void> {
  if ((await findVersionEver(db, name, version)) === undefined) throw versionNotFound(name, version);
}

/**
 * What unpublishes these versions, and takes along the tags that named them.
 * @throws {RegistryError} FORBIDDEN when one of them is older than the window.
 */
export function planUnpublish(
  actor: Actor,
  states: PackageStates,
  gone: readonly VersionState[],
  now: Date,
): StatePlan {
  const { name } = states;
  checkYoung(name, gone, now);
  const left = states.versions.filter((state) => !gone.includes(state));
  const moves = tagMoves(states, left);
  const versions = gone.map(({ version }) => version);
  const entry: AuditEntry = {
    actor,
    action: 'unpublish',
    subject: name.full,
    version: versions.length === 1 ? versions[0] : undefined,
    before: { versions, distTags: states.distTags },
    after: { distTags: movedTags(states, moves) },
    at: now,
  };
  return { changes: [{ ids: gone.map(({ id }) => id), state: { unpublishedAt: now } }], moves, entries: [entry] };
}

function checkYoung(name: PackageName, gone: readonly VersionState[], now: Date): void {
  const old = gone.filter(({ createdAt }) => now.getTime() - createdAt.getTime() > WINDOW_MS);
  const [first] = old;
  if (first === undefined) return;
  const [spec, deprecated] = [`${name.full}@${first.version}`, gone.length === 1 ? first.version : '*'];
  const message = `${spec} was published more than ${WINDOW_HOURS} hours ago and others may rely on it, so it cannot be unpublished. Warn them with: npm deprecate ${name.full}@${deprecated} "why"; or hide it from new students with: progy yank ${spec}`;
  throw new RegistryError('FORBIDDEN', message, {
    name: name.full,
    limit: 'unpublish',
    hours: WINDOW_HOURS,
    versions: old.map(({ version }) => version),
  });
}
