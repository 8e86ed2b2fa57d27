// Owns `progy classroom invite`: letting a class read a private course, from a list or by one link.
import { resolve } from 'node:path';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import {
  type InvitationRequest,
  invitationSchema,
  revokedInvitationsSchema,
} from '@progy/protocol/wire/accounts/people.ts';
import { invitationsPath } from '@progy/protocol/wire/urls.ts';
import { letRead } from '../classroom/people/let-read.ts';
import { readPeople } from '../classroom/people/people-list.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn, registryFlag } from '../registry/choice.ts';
import { createRegistryClient, type RegistryClient } from '../registry/client.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import type { InviteOptions } from '../usage/classroom-invite.ts';
import { type Invited, showInvited } from '../views/classroom/invited.ts';

export interface ClassInvitation {
  readonly name: string;
  readonly invited: Invited;
  /** ` --registry URL`, or nothing. */
  readonly flag: string;
}

export async function run(options: InviteOptions, context: Context): Promise<ClassInvitation> {
  checkOneWay(options);
  const { name } = parseCourseSpec(options.course);
  // Before anything is asked for: a list that cannot be read is the person's to mend.
  const people = options.csv === undefined ? undefined : await readPeople(resolve(context.cwd, options.csv));
  const registry = await chooseSignedIn(context, options.registry, name.scope);
  const client = createRegistryClient(registry, context.signal);
  const facts = { name: name.full, flag: registryFlag(registry) };
  if (people !== undefined) return { ...facts, invited: { kind: 'list', ...(await letRead(client, name, people)) } };
  return { ...facts, invited: options.revoke ? await revokeAll(client, name) : await makeLink(client, name, options) };
}

export const views: Views<ClassInvitation> = {
  human: ({ name, invited, flag }) => showInvited(name, invited, flag),
  json: ({ name, invited: { kind, ...invited } }) => ({ name, ...invited }),
};

async function makeLink(
  client: RegistryClient,
  name: PackageName,
  { expires, seats }: InviteOptions,
): Promise<Invited> {
  const body: InvitationRequest = { seats, hours: expires };
  const { url, expiresAt } = await client.change('POST', invitationsPath(name), invitationSchema, body);
  return { kind: 'link', url, seats, expiresAt };
}

async function revokeAll(client: RegistryClient, name: PackageName): Promise<Invited> {
  const { revoked } = await client.change('DELETE', invitationsPath(name), revokedInvitationsSchema);
  return { kind: 'revoked', revoked };
}

function checkOneWay({ csv, link, revoke }: InviteOptions): void {
  if ([csv !== undefined, link === true, revoke === true].filter(Boolean).length === 1) return;
  throw new CliError('USAGE', 'Choose one of --csv, --link and --revoke', 'See: progy classroom invite --help');
}
