// Owns /-/org: what `npm org` reads and writes, and the courses that `npm access list packages` shows.
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { type Membership, membershipRequestSchema } from '@progy/protocol/wire/accounts/people.ts';
import { ORGANIZATION_ROLES } from '@progy/protocol/wire/bounds.ts';
import type * as z from 'zod';
import type { AppContext } from '../../../app-env.ts';
import { listCourses, listOrganizationCourses } from '../../../domain/people/course-lists.ts';
import { listMembers, type OrganizationRole, removeMember, setMember } from '../../../domain/people/organizations.ts';
import { answer } from '../../../http/answer.ts';
import { readJson } from '../../../http/read-json.ts';
import { organizationInPath } from '../../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;
const PRIVATE = { 'Cache-Control': 'private, no-store' };

/** Our roles, and npm's name for one of them. npm's client lets through `owner`, `admin` and `developer` only. */
const ROLES: ReadonlyMap<string, OrganizationRole> = new Map([
  ['owner', 'owner'],
  ['publisher', 'publisher'],
  ['developer', 'publisher'],
  ['reader', 'reader'],
]);

/** GET /-/org/<slug>/user: role by username. */
export async function getMembers(c: AppContext): Promise<Response> {
  return c.json(await listMembers(c.var.signedIn, organizationInPath(c)), 200, PRIVATE);
}

/** PUT /-/org/<slug>/user, with `{user, role}`. npm prints what the answer says. */
export async function putMember(c: AppContext): Promise<Response> {
  const { user, role: named } = await memberIn(c);
  const role = ROLES.get(named);
  if (role === undefined) throw noSuchRole(organizationInPath(c), named);
  const size = await setMember(c.var.signedIn, organizationInPath(c), user, role);
  return answer<Membership>(c, { org: { name: organizationInPath(c), size }, user, role }, 200, PRIVATE);
}

/** DELETE /-/org/<slug>/user, with `{user}`. */
export async function deleteMember(c: AppContext): Promise<Response> {
  const { user } = await memberIn(c);
  await removeMember(c.var.signedIn, organizationInPath(c), user);
  return c.json({ ok: true });
}

/** GET /-/org/<slug>/package. */
export async function getOrganizationCourses(c: AppContext): Promise<Response> {
  return c.json(await listOrganizationCourses(c.var.signedIn, organizationInPath(c)), 200, PRIVATE);
}

/** GET /-/user/<name>/package: npm asks when there is no organization of that name, pnpm 12 at once. */
export async function getCourses(c: AppContext): Promise<Response> {
  return c.json(await listCourses(c.var.signedIn, c.req.param('user') ?? ''), 200, PRIVATE);
}

async function memberIn(c: AppContext): Promise<z.output<typeof membershipRequestSchema>> {
  const result = membershipRequestSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (result.success) return result.data;
  throw new RegistryError(
    'INVALID_REQUEST',
    'The body must be {"user": "…", "role": "owner" | "publisher" | "reader"}',
  );
}

function noSuchRole(slug: string, named: string): RegistryError {
  const found = quote(named);
  const message = `There is no role ${found}: an owner can change everything, a publisher (developer in npm) can publish, a reader can read. Use: npm org set ${slug} <user> developer`;
  return new RegistryError('INVALID_REQUEST', message, { found, roles: ORGANIZATION_ROLES });
}
