// Owns deprecating versions: a message to those who install them.

import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AuditEntry } from '../../database/audit/audit-log.ts';
import { shownDeprecation } from '../../database/read/manifest-json.ts';
import type { PackageStates, StateChange, StatePlan, VersionState } from '../../database/versions/version-states.ts';
import type { Actor } from '../rights/actor.ts';
import { noticeText } from './notice-text.ts';

/** Clients send one message; each different one is a row in the audit log. */
const MAX_MESSAGES = 20;

/** The deprecations in a packument that a client sends back. */
export interface SentDeprecations {
  /** `_rev` of the packument that the client began with; undefined when it does not say: then the last writer wins. */
  rev: string | undefined;
  /** Its versions, each with its `deprecated`; '' removes a deprecation. */
  versions: ReadonlyMap<string, string | undefined>;
}

/**
 * Plans the change to the deprecations that were sent; undefined if nothing differs from what readers see.
 * @throws {RegistryError} INVALID_REQUEST for messages that are too long or too many, and for removing a yank's message.
 */
export function planDeprecations(
  actor: Actor,
  states: PackageStates,
  sent: SentDeprecations,
  now: Date,
): StatePlan | undefined {
  const { name } = states;
  const wanted = states.versions.flatMap((state) => wantedOf(state, sent));
  const changing = wanted.filter(({ state, message }) => message !== (state.deprecated ?? ''));
  const [refused] = wanted.filter(({ state, message }) => message === '' && state.yanked !== null);
  if (changing.length === 0 && refused !== undefined) throw isYanked(name, refused.state);
  if (changing.length === 0) return undefined;
  const groups: Group[] = [...Map.groupBy(changing, ({ message }) => message)];
  if (groups.length > MAX_MESSAGES)
    throw new RegistryError('INVALID_REQUEST', `At most ${MAX_MESSAGES} different messages at once`);
  return {
    changes: groups.map(changeFor),
    moves: [],
    entries: groups.map((group) => entryFor(actor, name, group, now)),
  };
}

interface Wanted {
  state: VersionState;
  message: string;
}

/** The versions that get the same message; '' removes it. */
type Group = [message: string, versions: Wanted[]];

/**
 * The message wanted for a version; none if readers already see it. A missing message means removal from a client that
 * has read the packument it changes, and no change from one that has not.
 */
function wantedOf(state: VersionState, { versions, rev }: SentDeprecations): Wanted[] {
  const shown = shownDeprecation(state) ?? '';
  const sent = versions.get(state.version) ?? (rev === undefined || !versions.has(state.version) ? shown : '');
  return sent === shown ? [] : [{ state, message: noticeText(sent) }];
}

function changeFor([message, group]: Group): StateChange {
  return { ids: group.map(({ state }) => state.id), state: { deprecated: message === '' ? null : message } };
}

function entryFor(actor: Actor, name: PackageName, [message, group]: Group, now: Date): AuditEntry {
  const states = group.map(({ state }) => state);
  const versions = states.map(({ version }) => version);
  const earlier = states.filter(({ deprecated }) => deprecated !== null);
  return {
    actor,
    action: message === '' ? 'undeprecate' : 'deprecate',
    subject: name.full,
    version: versions.length === 1 ? versions[0] : undefined,
    before: { deprecated: Object.fromEntries(earlier.map(({ version, deprecated }) => [version, deprecated])) },
    after: { deprecated: message === '' ? null : message, versions },
    at: now,
  };
}

function isYanked(name: PackageName, { version }: VersionState): RegistryError {
  const spec = `${name.full}@${version}`;
  const message = `${spec} is yanked, not only deprecated. To undo the yank: progy unyank ${spec}`;
  return new RegistryError('INVALID_REQUEST', message, { name: name.full, version });
}
