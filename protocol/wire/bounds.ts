// Owns the bounds of requests, apart from the schemas that enforce them: the help of a command shows them without loading those.

/** Maximum number of audit log entries in one answer. */
export const MAX_AUDIT_ENTRIES = 100;

/** Roles of members of an organization. */
export const ORGANIZATION_ROLES = ['owner', 'publisher', 'reader'] as const;

export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];

/** Maximum number of people in one request that lets them read a course. */
export const MAX_PEOPLE = 200;

/** Bounds of a link that invites people to read a course. */
export const INVITATION_LIMITS = { seats: 500, hours: 90 * 24 } as const;
