// Owns who maintains a course: the owner of its scope, and those they add.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { SignedInContext } from '../../context.ts';
import { type Account, findAccounts } from '../../database/accounts/accounts.ts';
import type { AuditAction, AuditEntry } from '../../database/audit/audit-log.ts';
import type { PackageRow } from '../../database/packages.ts';
import { changeMaintainers } from '../../database/people/collaborators.ts';
import { findMaintainers, type MaintainerRow } from '../../database/people/maintainers.ts';
import { checkRight } from '../rights/rights-on-course.ts';
import { findVisible } from '../rights/visible-package.ts';
import { checkRev, untilSettled } from '../versions/revision.ts';
import { noSuchAccount } from './known-account.ts';

/** Who should maintain a course, by username. */
export type Wanted = (maintainers: readonly string[]) => readonly string[];

/**
 * Changes the maintainers of a course to those that `wanted` returns, possibly the same.
 * @param held the `_rev` that the client decided on; undefined: whatever it is now.
 * @throws {RegistryError} PACKAGE_NOT_FOUND; FORBIDDEN, also for removing the owner of the scope; NOT_FOUND for somebody
 *   who does not exist; REVISION_CONFLICT.
 */
export async function changeOwners(
  context: SignedInContext,
  name: PackageName,
  held: string | undefined,
  wanted: Wanted,
): Promise<void> {
  await untilSettled(name, async () => {
    const { row, maintainers } = await findOwned(context, name);
    const names = maintainers.map(({ name: username }) => username);
    const changes = await decide(context, name, maintainers, new Set(wanted(names)));
    if (changes.added.length + changes.removed.length === 0) return;
    if (held !== undefined) checkRev(name, row, held);
    await save(context, name, row, changes);
  });
}

/** For somebody else's private course the answer is PACKAGE_NOT_FOUND, not FORBIDDEN. */
async function findOwned(context: SignedInContext, name: PackageName) {
  const row = await findVisible(context, name);
  await checkRight(context, name, 'own');
  return { row, maintainers: await findMaintainers(context.db, name) };
}

interface Changes {
  added: readonly Account[];
  removed: readonly MaintainerRow[];
}

async function decide(
  { db }: SignedInContext,
  name: PackageName,
  maintainers: readonly MaintainerRow[],
  wanted: ReadonlySet<string>,
): Promise<Changes> {
  const removed = maintainers.filter((maintainer) => !wanted.has(maintainer.name));
  const holder = removed.find(({ holdsScope }) => holdsScope);
  if (holder !== undefined) throw holdsScope(name, holder.name);
  const there = new Set(maintainers.map((maintainer) => maintainer.name));
  const missing = [...wanted].filter((username) => !there.has(username));
  const added = missing.length === 0 ? [] : await findAccounts(db, missing);
  const unknown = missing.find((username) => !added.some((account) => account.username === username));
  if (unknown !== undefined) throw noSuchAccount(unknown);
  return { added, removed };
}

async function save(
  { db, actor, now }: SignedInContext,
  name: PackageName,
  { rev }: PackageRow,
  { added, removed }: Changes,
): Promise<void> {
  const at = now();
  const entry = (action: AuditAction, values: Pick<AuditEntry, 'before' | 'after'>): AuditEntry => ({
    actor,
    action,
    subject: name.full,
    at,
    ...values,
  });
  await changeMaintainers(db, {
    name,
    rev,
    added: added.map(({ id }) => id),
    removed: removed.map(({ id }) => id),
    entries: [
      ...added.map(({ username: user }) => entry('owner add', { after: { user } })),
      ...removed.map(({ name: user }) => entry('owner rm', { before: { user } })),
    ],
    now: at,
  });
}

function holdsScope({ scope, full }: PackageName, username: string): RegistryError {
  const message = `${username} owns the scope @${scope}, and so ${full}: only maintainers who were added can be removed`;
  return new RegistryError('FORBIDDEN', message, { name: full, username });
}
