// Owns the documents about people: members of organizations, and readers of courses.
import * as z from 'zod';
import { INVITATION_LIMITS, MAX_PEOPLE, ORGANIZATION_ROLES } from '../bounds.ts';

/** Creates an organization. */
export const organizationRequestSchema = z.strictObject({ slug: z.string() });
export type OrganizationRequest = z.infer<typeof organizationRequestSchema>;

export const organizationSchema = z.object({ slug: z.string(), scope: z.string(), owner: z.string() });
export type Organization = z.infer<typeof organizationSchema>;

/** Makes somebody a member. npm sends its own roles, or none. */
export const membershipRequestSchema = z.object({ user: z.string(), role: z.string().default('developer') });
export type MembershipRequest = z.input<typeof membershipRequestSchema>;

/** npm prints it; `size` counts the members. */
export const membershipSchema = z.object({
  org: z.object({ name: z.string(), size: z.number() }),
  user: z.string(),
  role: z.enum(ORGANIZATION_ROLES),
});
export type Membership = z.infer<typeof membershipSchema>;

/** Lets an account read a course. */
export const grantRequestSchema = z.strictObject({ permission: z.literal('read') });
export type GrantRequest = z.infer<typeof grantRequestSchema>;

/** Without a permission: it was revoked. */
export const grantSchema = z.object({ name: z.string(), user: z.string(), permission: z.literal('read').optional() });
export type Grant = z.infer<typeof grantSchema>;

/** Longest email address, RFC 5321. */
const MAX_ADDRESS = 320;

/** Lets several people read a course, by username or email address. */
export const grantsRequestSchema = z.strictObject({
  permission: z.literal('read'),
  people: z.array(z.string().min(1).max(MAX_ADDRESS)).min(1).max(MAX_PEOPLE),
});
export type GrantsRequest = z.infer<typeof grantsRequestSchema>;

/** Everybody who was asked for, as they were written, is in one of the lists. */
export const grantsSchema = z.object({
  name: z.string(),
  granted: z.array(z.string()),
  /** They could read it before. */
  already: z.array(z.string()),
  /** There is no account of that name, or none that has shown that the address is its own. */
  unknown: z.array(z.string()),
});
export type Grants = z.infer<typeof grantsSchema>;

/** Makes a link that lets people read a course. */
export const invitationRequestSchema = z.strictObject({
  seats: z.int().min(1).max(INVITATION_LIMITS.seats),
  /** Until it ends. */
  hours: z.int().min(1).max(INVITATION_LIMITS.hours),
});
export type InvitationRequest = z.infer<typeof invitationRequestSchema>;

export const invitationSchema = z.object({
  name: z.string(),
  /** Whoever has it can accept it. */
  url: z.string(),
  seats: z.number(),
  expiresAt: z.iso.datetime(),
});
export type InvitationAnswer = z.infer<typeof invitationSchema>;

/** How many open links were taken back. */
export const revokedInvitationsSchema = z.object({ name: z.string(), revoked: z.number() });
export type RevokedInvitations = z.infer<typeof revokedInvitationsSchema>;
