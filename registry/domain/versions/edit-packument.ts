// Owns changing a course by sending its packument back, as npm does to deprecate and unpublish: the differences are the change.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import { findMaintainers } from '../../database/people/maintainers.ts';
import { changeStates, type PackageStates, type StatePlan } from '../../database/versions/version-states.ts';
import { findChangeable } from '../rights/changeable-package.ts';
import { planDeprecations, type SentDeprecations } from './deprecate.ts';
import { versionNotFound } from './missing-version.ts';
import { checkRev, revOf, untilSettled } from './revision.ts';
import { planUnpublish } from './unpublish.ts';

/** The parts of a packument sent back that can mean a change. */
export interface PackumentEdit extends SentDeprecations {
  /** Whether a version that it leaves out should be unpublished. */
  removes: boolean;
  /** Read only to refuse changes to them: `{tag: version}`, and usernames. */
  distTags?: Readonly<Record<string, string>>;
  maintainers?: readonly string[];
}

/**
 * Applies the changes in a packument sent back: deprecations, and versions left out. Everything else in it is ignored.
 * One that changes nothing is accepted with an old `_rev`, so that a client may repeat its request; with the current
 * `_rev` it must not try to change anything else.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, FORBIDDEN, INVALID_REQUEST, REVISION_CONFLICT,
 *   METHOD_NOT_ALLOWED.
 */
export async function editPackument(context: SignedInContext, name: PackageName, edit: PackumentEdit): Promise<void> {
  await untilSettled(name, async () => {
    const states = await findChangeable(context, name);
    const { db, actor } = context;
    const now = context.now();
    const gone = edit.removes ? states.versions.filter(({ version }) => !edit.versions.has(version)) : [];
    const deprecating = planDeprecations(actor, states, edit, now);
    const unknown = unknownVersion(states, edit);
    if (gone.length === 0 && deprecating === undefined && unknown === undefined)
      return checkNothingElse(context, states, edit);
    // An old packument lacks newer versions: that is a conflict, not an unpublish.
    if (edit.rev !== undefined) checkRev(name, states.package, edit.rev);
    if (unknown !== undefined) throw versionNotFound(name, unknown);
    const plans: StatePlan[] = [];
    if (gone.length > 0) plans.push(planUnpublish(actor, states, gone, now));
    if (deprecating !== undefined) plans.push(deprecating);
    await changeStates(db, states, plans, now);
  });
}

/** Tags and maintainers have their own addresses; a 200 here would look as if they had changed. */
async function checkNothingElse({ db }: SignedInContext, states: PackageStates, edit: PackumentEdit): Promise<void> {
  if (edit.rev !== revOf(states.package)) return;
  const { name } = states;
  const { distTags, maintainers } = edit;
  if (distTags !== undefined && !isSameList(pairsOf(distTags), pairsOf(states.distTags)))
    throw elsewhere('dist-tags', `npm dist-tag add ${name.full}@version tag`);
  if (maintainers === undefined) return;
  const held = await findMaintainers(db, name);
  const names = held.map((maintainer) => maintainer.name);
  if (!isSameList(maintainers, names)) throw elsewhere('maintainers', `npm owner add user ${name.full}`);
}

function pairsOf(distTags: Readonly<Record<string, string>>): string[] {
  return Object.entries(distTags).map((pair) => pair.join(' '));
}

/** In whatever order. */
function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
}

function elsewhere(what: string, command: string): RegistryError {
  return new RegistryError('METHOD_NOT_ALLOWED', `Editing a packument does not change ${what}. Use: ${command}`);
}

function unknownVersion({ versions }: PackageStates, edit: PackumentEdit): string | undefined {
  const known = new Set(versions.map(({ version }) => version));
  return [...edit.versions.keys()].find((version) => !known.has(version));
}
