// Owns every URL path of the registry as a function, for documents, the CLI and tests.
import { type PackageName, tarballFileName } from '../course/package-name.ts';

export const SCHEMA_PATH = '/schema/course.json';
export const PUBLISH_PATH = '/registry/publish';
/** Where organizations are created. */
export const ORGANIZATIONS_PATH = '/registry/orgs';
export const PING_PATH = '/-/ping';
export const WHOAMI_PATH = '/-/whoami';
export const SEARCH_PATH = '/-/v1/search';
/** Where a program asks for a sign-in in a browser, and then for its token: RFC 8628. */
export const DEVICE_CODE_PATH = '/api/auth/device/code';
export const DEVICE_TOKEN_PATH = '/api/auth/device/token';
/** The same for npm clients; the answer of the first names the second. */
export const WEB_LOGIN_PATH = '/-/v1/login';
export const WEB_LOGIN_DONE_PATH = '/-/v1/done';
/** The page where a person lets a program sign in. */
export const LOGIN_PAGE_PATH = '/login';
export const SIGN_UP_PAGE_PATH = '/signup';
/** Where progy asks for a repository on GitHub to push a student's work to, and says that it has pushed. */
export const ENSURE_REPO_PATH = '/git/ensure-repo';
/** The page where a student lets this registry make one. */
export const PORTFOLIO_PAGE_PATH = '/portfolio/github';
/** Where `npm token` lists, creates and revokes tokens. */
export const TOKENS_PATH = '/-/npm/v1/tokens';
/** The public keys that verify signatures, where npm looks for them. */
export const KEYS_PATH = '/-/npm/v1/keys';

/** The newest progy, as a tarball. */
export const CLIENT_TARBALL_PATH = '/progy.tgz';

/** npm's packument. npm asks with the slash escaped; both spellings work. */
export function packumentPath(name: PackageName): string {
  return `/@${name.scope}%2f${name.slug}`;
}

/** npm's tarball, the conventional spelling that lockfiles and pnpm derive. */
export function tarballPath(name: PackageName, version: string): string {
  return `/@${name.scope}/${name.slug}/-/${tarballFileName(name, version)}`;
}

/** The versions of a course in Progy's own dialect. */
export function resolvePath(name: PackageName): string {
  return `/registry/resolve/@${name.scope}/${name.slug}`;
}

/** Everything about a course and one of its versions, for people. @param version a number or dist-tag. */
export function infoPath(name: PackageName, version: string): string {
  return `/registry/info/@${name.scope}/${name.slug}/${encodeURIComponent(version)}`;
}

/** The `.progy` file of a version. */
export function downloadPath(name: PackageName, version: string): string {
  return `/registry/download/@${name.scope}/${name.slug}/${version}`;
}

/** Yanks a version (POST), or unyanks it (DELETE). */
export function yankPath(name: PackageName, version: string): string {
  return `/registry/yank/@${name.scope}/${name.slug}/${version}`;
}

/** npm's legacy login. */
export function loginPath(username: string): string {
  return `/-/user/org.couchdb.user:${encodeURIComponent(username)}`;
}

/** npm's logout, with the token in the path, as in CouchDB. */
export function tokenPath(token: string): string {
  return `/-/user/token/${encodeURIComponent(token)}`;
}

/** The members of an organization, as `npm org` reads and writes them. */
export function membersPath(slug: string): string {
  return `/-/org/${encodeURIComponent(slug)}/user`;
}

/** Lets an account read a course (PUT), or revokes that right (DELETE). */
export function grantPath(name: PackageName, username: string): string {
  return `/registry/access/@${name.scope}/${name.slug}/${encodeURIComponent(username)}`;
}

/** Lets several accounts read a course. */
export function grantsPath(name: PackageName): string {
  return `/registry/access/@${name.scope}/${name.slug}`;
}

/** Makes a link that lets people read a course (POST), or takes all of them back (DELETE). */
export function invitationsPath(name: PackageName): string {
  return `/registry/invitations/@${name.scope}/${name.slug}`;
}

/** Who changed a course (`@scope/slug`), an organization or the account itself (`@scope`), newest first. */
export function auditLogPath(subject: string): string {
  return `/registry/audit-log/${subject}`;
}
