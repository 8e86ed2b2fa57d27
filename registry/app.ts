// Owns the list of every route of the registry.

import { EXECUTABLES_PATH } from '@progy/protocol/client/executables.ts';
import { CLIENT, INSTALL_SCRIPT_PATHS } from '@progy/protocol/client/progy-command.ts';
import {
  CLIENT_TARBALL_PATH,
  DEVICE_CODE_PATH,
  DEVICE_TOKEN_PATH,
  ENSURE_REPO_PATH,
  KEYS_PATH,
  LOGIN_PAGE_PATH,
  ORGANIZATIONS_PATH,
  PING_PATH,
  PORTFOLIO_PAGE_PATH,
  PUBLISH_PATH,
  SCHEMA_PATH,
  SEARCH_PATH,
  SIGN_UP_PAGE_PATH,
  TOKENS_PATH,
  WEB_LOGIN_DONE_PATH,
  WEB_LOGIN_PATH,
  WHOAMI_PATH,
} from '@progy/protocol/wire/urls.ts';
import { Hono } from 'hono';
import type { AppEnv } from './app-env.ts';
import { requireAccount, requireWriter } from './middleware/account.ts';
import { provideContext } from './middleware/context.ts';
import { everyAnswer } from './middleware/every-answer.ts';
import { forPeople, fromOurPage } from './middleware/for-people.ts';
import { linger } from './middleware/linger.ts';
import { canonicalPath } from './middleware/package-name.ts';
import { notFound, reportError } from './middleware/report-error.ts';
import { handleAuth } from './routes/accounts/better-auth.ts';
import { postDeviceCode, postDeviceToken } from './routes/accounts/device.ts';
import { postBan, postRole, postUnban } from './routes/moderation/roles-and-bans.ts';
import { deleteSession, getPing, getProfile, getWhoami, putUser } from './routes/npm/accounts/session.ts';
import { deleteToken, getTokens, postToken } from './routes/npm/accounts/tokens.ts';
import { getWebLoginDone, postWebLogin } from './routes/npm/accounts/web-login.ts';
import { getClientManifest, getClientPackument, getClientTags } from './routes/npm/client/documents.ts';
import { getExecutable, getExecutables } from './routes/npm/client/executables.ts';
import { getClientTarball, getNewestClient } from './routes/npm/client/tarball.ts';
import { getUnscoped, NOT_OFFERED, putUnscoped, refuse, refuseWrite } from './routes/npm/not-offered.ts';
import {
  deleteMember,
  getCourses,
  getMembers,
  getOrganizationCourses,
  putMember,
} from './routes/npm/people/organizations.ts';
import { deleteOwner, getUser, putOwner } from './routes/npm/people/owners.ts';
import {
  deleteTeamMember,
  getTeamCourses,
  getTeamMembers,
  getTeams,
  putTeamMember,
  refuseTeamAccess,
  refuseTeamChange,
} from './routes/npm/people/teams.ts';
import { getCollaborators, getVisibility, postAccess } from './routes/npm/people/visibility.ts';
import { putPackage } from './routes/npm/put-package.ts';
import { postAudit, postAuditReport } from './routes/npm/read/advisories.ts';
import { getDownloadsPoint, getDownloadsRange, getVersionDownloads } from './routes/npm/read/downloads.ts';
import { getKeys } from './routes/npm/read/keys.ts';
import { getManifest, getPackument } from './routes/npm/read/packument.ts';
import { getSearch } from './routes/npm/read/search.ts';
import { getTarball } from './routes/npm/read/tarball.ts';
import { deleteDistTag, getDistTags, putDistTag, refuseDistTagMap } from './routes/npm/versions/dist-tags.ts';
import { deletePackage, deleteTarball, putRevision } from './routes/npm/versions/writes-at-revision.ts';
import { getCourseLog, getScopeLog } from './routes/progy/audit-log.ts';
import { getCourseSchema } from './routes/progy/course-schema.ts';
import { getDownload } from './routes/progy/download.ts';
import { deleteEnsureRepo, postEnsureRepo } from './routes/progy/ensure-repo.ts';
import { getInfo } from './routes/progy/info.ts';
import { deleteInvitations, postInvitation } from './routes/progy/invitations.ts';
import { postOrganization } from './routes/progy/organizations.ts';
import { postPublish } from './routes/progy/publish.ts';
import { deleteGrant, postGrants, putGrant } from './routes/progy/readers.ts';
import { getResolution } from './routes/progy/resolve.ts';
import { deleteYank, postYank } from './routes/progy/yank.ts';
import {
  postAcceptance,
  postDecision,
  postGitHub,
  postSignIn,
  postSignOut,
  postSignUp,
  postUsername,
} from './routes/web/forms.ts';
import { getInstallScript } from './routes/web/install.ts';
import { getApproved, getDenied, getLogin, getSignUp } from './routes/web/login.ts';
import { getPortfolio, getPortfolioDone, postPortfolio } from './routes/web/portfolio.ts';
import { getWelcome } from './routes/web/welcome.ts';

/** `/@scope/slug` in npm's addresses. */
const COURSE = '/:scope{@[^/]+}/:slug';

export const app = new Hono<AppEnv>({ getPath: canonicalPath });

app.use(everyAnswer);
app.use(provideContext);
app.onError((error, c) => reportError(error, c));
app.notFound((c) => notFound(c));

// People and editors
app.get('/', getWelcome);
app.get(SCHEMA_PATH, getCourseSchema);

// People who let a program sign in
app.get(LOGIN_PAGE_PATH, forPeople, getLogin);
app.get(SIGN_UP_PAGE_PATH, forPeople, getSignUp);
app.get('/login/approved', forPeople, getApproved);
app.get('/login/denied', forPeople, getDenied);
app.post('/login/sign-in', forPeople, fromOurPage, postSignIn);
app.post('/login/sign-up', forPeople, fromOurPage, postSignUp);
app.post('/login/username', forPeople, fromOurPage, postUsername);
app.post('/login/sign-out', forPeople, fromOurPage, postSignOut);
app.post('/login/github', forPeople, fromOurPage, postGitHub);
app.post('/login/decision', forPeople, fromOurPage, postDecision);
app.post('/login/invitation', forPeople, fromOurPage, postAcceptance);

// Students who keep their work on GitHub
app.get(PORTFOLIO_PAGE_PATH, forPeople, getPortfolio);
app.post(PORTFOLIO_PAGE_PATH, forPeople, fromOurPage, postPortfolio);
app.get(`${PORTFOLIO_PAGE_PATH}/done`, forPeople, getPortfolioDone);
app.post(ENSURE_REPO_PATH, requireWriter, postEnsureRepo);
app.delete(ENSURE_REPO_PATH, requireWriter, deleteEnsureRepo);

// Accounts
app.post(DEVICE_CODE_PATH, postDeviceCode);
app.post(DEVICE_TOKEN_PATH, postDeviceToken);
app.post('/api/auth/admin/set-role', requireAccount, postRole);
app.post('/api/auth/admin/ban-user', requireAccount, postBan);
app.post('/api/auth/admin/unban-user', requireAccount, postUnban);
app.on(['GET', 'POST'], '/api/auth/*', handleAuth);
app.post(WEB_LOGIN_PATH, postWebLogin);
app.get(WEB_LOGIN_DONE_PATH, getWebLoginDone);
app.put('/-/user/:id{org\\.couchdb\\.user:.+}', putUser);
app.get('/-/user/:id{org\\.couchdb\\.user:.+}', getUser);
app.delete('/-/user/token/:token', requireAccount, deleteSession);
app.get(WHOAMI_PATH, requireAccount, getWhoami);
app.get('/-/npm/v1/user', requireAccount, getProfile);
app.get(TOKENS_PATH, requireAccount, getTokens);
app.post(TOKENS_PATH, requireWriter, postToken);
app.delete(`${TOKENS_PATH}/token/:token`, requireAccount, deleteToken);

// Organizations and their members
app.post(ORGANIZATIONS_PATH, requireWriter, postOrganization);
app.get('/-/org/:org/user', requireAccount, getMembers);
app.put('/-/org/:org/user', requireWriter, putMember);
app.delete('/-/org/:org/user', requireWriter, deleteMember);
app.get('/-/org/:org/team', requireAccount, getTeams);
app.get('/-/team/:org/:team/user', requireAccount, getTeamMembers);
app.put('/-/team/:org/:team/user', requireWriter, putTeamMember);
app.delete('/-/team/:org/:team/user', requireWriter, deleteTeamMember);
app.put('/-/org/:org/team', requireWriter, refuseTeamChange);
app.delete('/-/team/:org/:team', requireWriter, refuseTeamChange);
app.on(['PUT', 'DELETE'], '/-/team/:org/:team/package', requireWriter, refuseTeamAccess);

// Who may do what with a course
app.get('/-/org/:org/package', requireAccount, getOrganizationCourses);
app.get('/-/team/:org/:team/package', requireAccount, getTeamCourses);
app.get('/-/user/:user/package', requireAccount, getCourses);
app.get(`/-/package${COURSE}/visibility`, getVisibility);
app.get(`/-/package${COURSE}/access`, getVisibility);
app.post(`/-/package${COURSE}/access`, requireWriter, postAccess);
app.get(`/-/package${COURSE}/collaborators`, requireAccount, getCollaborators);
app.put(`/-/package${COURSE}/owners`, requireWriter, putOwner);
app.delete(`/-/package${COURSE}/owners/:user`, requireWriter, deleteOwner);
app.post('/registry/access/:scope/:slug', requireWriter, postGrants);
app.post('/registry/invitations/:scope/:slug', requireWriter, postInvitation);
app.delete('/registry/invitations/:scope/:slug', requireWriter, deleteInvitations);
app.put('/registry/access/:scope/:slug/:user', requireWriter, putGrant);
app.delete('/registry/access/:scope/:slug/:user', requireWriter, deleteGrant);
app.get('/registry/audit-log/:scope/:slug', requireAccount, getCourseLog);
app.get('/registry/audit-log/:scope', requireAccount, getScopeLog);

// progy itself, which is no course
app.get(INSTALL_SCRIPT_PATHS.sh, getInstallScript);
app.get(INSTALL_SCRIPT_PATHS.ps1, getInstallScript);
app.get(EXECUTABLES_PATH, getExecutables);
app.get(`${EXECUTABLES_PATH}:name`, getExecutable);
app.get(CLIENT_TARBALL_PATH, getNewestClient);
app.get(`/-/package/${CLIENT.full}/dist-tags`, getClientTags);
app.get(`/${CLIENT.full}/-/:file`, getClientTarball);
app.get(`/${CLIENT.full}/:version`, getClientManifest);
app.get(`/${CLIENT.full}`, getClientPackument);

// npm clients that read
app.get(PING_PATH, getPing);
app.get(KEYS_PATH, getKeys);
app.get(SEARCH_PATH, getSearch);
app.get(`/downloads/point/:period${COURSE}`, getDownloadsPoint);
app.get(`/downloads/range/:period${COURSE}`, getDownloadsRange);
app.get(`/versions${COURSE}/:period`, getVersionDownloads);
app.post('/-/npm/v1/security/advisories/bulk', postAudit);
app.post('/-/npm/v1/security/audits', postAuditReport);
app.post('/-/npm/v1/security/audits/quick', postAuditReport);
app.get(`/-/package${COURSE}/dist-tags`, getDistTags);
app.get(`${COURSE}/-/:file`, getTarball);
app.get(`${COURSE}/-/:again{@[^/]+}/:file`, getTarball);
app.get(`${COURSE}/:version`, getManifest);
app.get(COURSE, getPackument);

// npm clients that write
app.put(`/-/package${COURSE}/dist-tags/:tag`, requireWriter, putDistTag);
app.delete(`/-/package${COURSE}/dist-tags/:tag`, requireWriter, deleteDistTag);
app.on(['PUT', 'POST'], `/-/package${COURSE}/dist-tags`, requireWriter, refuseDistTagMap);
app.put(COURSE, linger, requireWriter, putPackage);
app.put(`${COURSE}/-rev/:rev`, linger, requireWriter, putRevision);
app.delete(`${COURSE}/-rev/:rev`, requireWriter, deletePackage);
app.delete(`${COURSE}/-/:file/-rev/:rev`, requireWriter, deleteTarball);
app.delete(`${COURSE}/-/:again{@[^/]+}/:file/-rev/:rev`, requireWriter, deleteTarball);
// Last: these match the routes above too.
app.on(['PUT', 'DELETE'], `${COURSE}/*`, requireWriter, refuseWrite);

// Endpoints that npm clients ask for and the registry does not offer
for (const { methods, path, ...refusal } of NOT_OFFERED) app.on(methods, path, refuse(refusal));
app.get('/:name{[a-z0-9][a-z0-9._-]*}', getUnscoped);
app.put('/:name{[a-z0-9][a-z0-9._-]*}', linger, putUnscoped);

// progy
app.post(PUBLISH_PATH, linger, requireWriter, postPublish);
app.post('/registry/yank/:scope/:slug/:version', requireWriter, postYank);
app.delete('/registry/yank/:scope/:slug/:version', requireWriter, deleteYank);
app.get('/registry/resolve/:scope/:slug', getResolution);
app.get('/registry/info/:scope/:slug', getInfo);
app.get('/registry/info/:scope/:slug/:version', getInfo);
app.get('/registry/download/:scope/:slug/:version', getDownload);
