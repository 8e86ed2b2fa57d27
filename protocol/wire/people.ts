// Owns the documents about people: members of organizations, and readers of courses.
import * as z from 'zod';
import { ORGANIZATION_ROLES } from './bounds.ts';

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
