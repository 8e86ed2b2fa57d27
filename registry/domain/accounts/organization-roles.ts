// Owns the roles of an organization in Better-Auth's terms, which it only reads: organizations change over npm's routes.
import { createAccessControl } from 'better-auth/plugins/access';
import { defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access';

const control = createAccessControl(defaultStatements);

/** The roles of the column `member.role`. What each may do with courses is in access.ts. */
export const organizationRoles = {
  ac: control,
  creatorRole: 'owner',
  allowUserToCreateOrganization: false,
  roles: {
    owner: control.newRole(ownerAc.statements),
    publisher: control.newRole(memberAc.statements),
    reader: control.newRole(memberAc.statements),
  },
} as const;
