// Owns /registry/invitations/:scope/:slug: links that let people read a course.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  type InvitationAnswer,
  invitationRequestSchema,
  type RevokedInvitations,
} from '@progy/protocol/wire/accounts/people.ts';
import { INVITATION_LIMITS } from '@progy/protocol/wire/bounds.ts';
import type { AppContext } from '../../app-env.ts';
import { makeInvitation, revokeInvitations } from '../../domain/people/invitations.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;

/** POST, with `{seats, hours}`. The answer is the only place where the link is ever shown. */
export async function postInvitation(c: AppContext): Promise<Response> {
  const body = invitationRequestSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (!body.success) throw wrongBody();
  const name = nameInProgyPath(c);
  const { url, expiresAt } = await makeInvitation(c.var.signedIn, name, body.data);
  const made = { name: name.full, url, seats: body.data.seats, expiresAt: expiresAt.toISOString() };
  return answer<InvitationAnswer>(c, made, 201);
}

/** DELETE: takes back every open link of the course. */
export async function deleteInvitations(c: AppContext): Promise<Response> {
  const name = nameInProgyPath(c);
  return answer<RevokedInvitations>(c, { name: name.full, revoked: await revokeInvitations(c.var.signedIn, name) });
}

function wrongBody(): RegistryError {
  const { seats, hours } = INVITATION_LIMITS;
  return new RegistryError('INVALID_REQUEST', `The body must be {"seats": 1 to ${seats}, "hours": 1 to ${hours}}`);
}
