// Owns what requests may ask for, without the schemas that hold them to it: the help of a command tells it and loads none.

/** Entries of the audit log that one answer may hold. */
export const MAX_AUDIT_ENTRIES = 100;

/** What members of an organization may be. */
export const ORGANIZATION_ROLES = ['owner', 'publisher', 'reader'] as const;

export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];
