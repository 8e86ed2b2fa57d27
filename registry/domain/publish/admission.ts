// Owns letting a publish in: all that it can be refused for before its bytes travel, asked for in one round trip.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import type { SignedInContext } from '../../context.ts';
import { type AttemptNote, countPublished, type Found, findForPublish } from '../../database/publish/admission.ts';
import { reaches } from '../rights/actor.ts';
import { checkNotClient } from '../rights/client-name.ts';
import { checkMayForce, checkTies, notYours } from '../rights/rights-on-course.ts';
import type { Claim } from './publish-claim.ts';
import { checkQuota } from './publish-quota.ts';

/** What somebody asks to publish. */
export interface Entrant {
  name: PackageName;
  /** Undefined as long as only the file knows it. */
  version: Version | undefined;
  force: boolean;
}

/** A publish, and what it is judged by. */
export interface Admission extends Entrant, Found {}

/**
 * Finds what a publish is judged by, and notes what it may leave behind if its publisher has the right. What is found may
 * be otherwise in the end: the commit asks for all of it again.
 */
export async function findAdmission(
  { db, actor, now }: SignedInContext,
  entrant: Entrant,
  note: AttemptNote,
): Promise<Admission> {
  const mayNote = reaches(actor.limits, entrant.name) && (actor.isAdmin || !entrant.force);
  const asked = mayNote ? note : { ...note, keys: [] };
  const found = await findForPublish(db, { ...entrant, userId: actor.id, note: asked, now: now() });
  return { ...entrant, ...found };
}

/**
 * Lets a publish in. An admin who forces it may publish to every scope that somebody holds; everybody else needs the right to.
 * @throws {RegistryError} FORBIDDEN, RATE_LIMITED.
 */
export function checkAdmission(context: SignedInContext, admission: Admission): void {
  const { actor } = context;
  const { ties, name, version, before, published, force, isNoted } = admission;
  checkNotClient(name);
  if (force) checkMayForce(ties, actor, name);
  else checkTies(ties, actor, name, 'write');
  // The same rule in SQL: nothing is written that no note tells of.
  if (version !== undefined && !isNoted) throw notYours(actor, name);
  if (!before && !force) checkQuota(context, published);
}

/**
 * Lets somebody send a file that does not say yet what it is. An admin who forces it has no quota.
 * @throws {RegistryError} RATE_LIMITED.
 */
export async function letInUnnamed(context: SignedInContext, { force }: Claim): Promise<void> {
  if (force === true && context.actor.isAdmin) return;
  const { db, actor, now } = context;
  checkQuota(context, await countPublished(db, actor.id, now()));
}
