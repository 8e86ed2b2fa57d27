// Owns /-/team: the roles of an organization as npm's teams, and clear refusals of what teams cannot be here.
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import type { AppContext } from '../../../app-env.ts';
import { listOrganizationCourses } from '../../../domain/people/course-lists.ts';
import { listMembers, type OrganizationRole, removeMember, setMember } from '../../../domain/people/organizations.ts';
import { readJson } from '../../../http/read-json.ts';
import { organizationInPath } from '../../../middleware/package-name.ts';

const MAX_BODY_BYTES = 1024;
const PRIVATE = { 'Cache-Control': 'private, no-store' };

/** Everybody is in the one team of their role. */
const TEAMS: Readonly<Record<string, OrganizationRole>> = {
  owners: 'owner',
  publishers: 'publisher',
  readers: 'reader',
};

const userSchema = z.looseObject({ user: z.string() });

/** GET /-/org/<slug>/team: for npm (`format=cli`) as `slug:team`, for pnpm 12 as `{name}`. */
export async function getTeams(c: AppContext): Promise<Response> {
  const org = organizationInPath(c);
  await listMembers(c.var.signedIn, org);
  const names = Object.keys(TEAMS);
  return c.json(isForCli(c) ? names.map((name) => `${org}:${name}`) : asObjects(names), 200, PRIVATE);
}

/** GET /-/team/<slug>/<team>/user. */
export async function getTeamMembers(c: AppContext): Promise<Response> {
  const { org, role } = knownTeamIn(c);
  const roster = await listMembers(c.var.signedIn, org);
  const names = Object.keys(roster).filter((username) => roster[username] === role);
  return c.json(isForCli(c) ? names : asObjects(names), 200, PRIVATE);
}

/** PUT /-/team/<slug>/<team>/user, with `{user}`: gives the role, whatever they were before. */
export async function putTeamMember(c: AppContext): Promise<Response> {
  const { org, role } = knownTeamIn(c);
  await setMember(c.var.signedIn, org, await userIn(c), role);
  return c.json({ ok: true });
}

/** DELETE /-/team/<slug>/<team>/user, with `{user}`: takes them out of the organization. */
export async function deleteTeamMember(c: AppContext): Promise<Response> {
  const { org, role } = knownTeamIn(c);
  await removeMember(c.var.signedIn, org, await userIn(c), role);
  return c.json({ ok: true });
}

/** GET /-/team/<slug>/<team>/package. */
export async function getTeamCourses(c: AppContext): Promise<Response> {
  const { org, role } = knownTeamIn(c);
  await listMembers(c.var.signedIn, org);
  return c.json(await listOrganizationCourses(c.var.signedIn, org, role), 200, PRIVATE);
}

/** `npm team create` and `destroy`. */
export function refuseTeamChange(c: AppContext): never {
  const org = organizationInPath(c);
  const message = `Every organization has exactly the teams ${Object.keys(TEAMS).join(', ')}. Add somebody to one with: npm team add ${org}:readers <user>`;
  throw new RegistryError('METHOD_NOT_ALLOWED', message, { teams: Object.keys(TEAMS) });
}

/** `npm access grant` and `revoke`. */
export function refuseTeamAccess(): never {
  const message =
    'A team has the same rights on every course of its organization. For one course: npm owner add <user> @scope/slug, or progy access grant @scope/slug <user> to let somebody read it';
  throw new RegistryError('METHOD_NOT_ALLOWED', message);
}

function knownTeamIn(c: AppContext): { org: string; role: OrganizationRole } {
  const [org, team] = [organizationInPath(c), c.req.param('team') ?? ''];
  const role = Object.hasOwn(TEAMS, team) ? TEAMS[team] : undefined;
  if (role !== undefined) return { org, role };
  throw new RegistryError(
    'NOT_FOUND',
    `There is no such team. Every organization has ${Object.keys(TEAMS).join(', ')}`,
  );
}

async function userIn(c: AppContext): Promise<string> {
  const result = userSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (result.success) return result.data.user;
  throw new RegistryError('INVALID_REQUEST', 'The body must be {"user": "…"}');
}

function isForCli(c: AppContext): boolean {
  return c.req.query('format') === 'cli';
}

function asObjects(names: readonly string[]): { name: string }[] {
  return names.map((name) => ({ name }));
}
