// Owns the table of contents: every route of the registry in one list.

import { RegistryError } from '@progy/protocol/errors.ts';
import { PING_PATH, PUBLISH_PATH, SCHEMA_PATH, WHOAMI_PATH } from '@progy/protocol/urls.ts';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { AppContext, AppEnv } from './app-env.ts';
import { requireAccount } from './middleware/account.ts';
import { canonicalPath } from './middleware/package-name.ts';
import { notFound, reportError } from './middleware/report-error.ts';
import { safeHeaders } from './middleware/safe-headers.ts';
import { handleAuth } from './routes/auth.ts';
import { deleteDistTag, getDistTags, putDistTag } from './routes/npm/dist-tags.ts';
import { getManifest, getPackument } from './routes/npm/packument.ts';
import { deleteToken, getPing, getWhoami, postAudit, putUser } from './routes/npm/session.ts';
import { getTarball } from './routes/npm/tarball.ts';
import { getCourseSchema } from './routes/progy/course-schema.ts';
import { getDownload } from './routes/progy/download.ts';
import { postPublish } from './routes/progy/publish.ts';
import { getResolution } from './routes/progy/resolve.ts';
import { getWelcome } from './routes/welcome.ts';

export const app = new Hono<AppEnv>({ getPath: canonicalPath });

app.use(safeHeaders);
app.use(
  cors({
    origin: '*',
    allowMethods: ['GET', 'HEAD', 'OPTIONS'],
    exposeHeaders: ['ETag', 'Content-Length', 'Content-Range', 'Content-Disposition', 'X-Checksum-Sha256'],
  }),
);
app.onError((error, c) => reportError(error, c));
app.notFound((c) => notFound(c));

// People and editors
app.get('/', getWelcome);
app.get(SCHEMA_PATH, getCourseSchema);

// Accounts
app.on(['GET', 'POST'], '/api/auth/*', handleAuth);
app.put('/-/user/:id{org\\.couchdb\\.user:.+}', putUser);
app.delete('/-/user/token/:token', requireAccount, deleteToken);
app.get(WHOAMI_PATH, requireAccount, getWhoami);

// npm clients that read
app.get(PING_PATH, getPing);
app.post('/-/npm/v1/security/advisories/bulk', postAudit);
app.get('/-/package/:scope{@[^/]+}/:slug/dist-tags', getDistTags);
app.get('/:scope{@[^/]+}/:slug/-/:file', getTarball);
app.get('/:scope{@[^/]+}/:slug/-/:again{@[^/]+}/:file', getTarball);
app.get('/:scope{@[^/]+}/:slug/:version', getManifest);
app.get('/:scope{@[^/]+}/:slug', getPackument);

// npm clients that write
app.put('/-/package/:scope{@[^/]+}/:slug/dist-tags/:tag', requireAccount, putDistTag);
app.delete('/-/package/:scope{@[^/]+}/:slug/dist-tags/:tag', requireAccount, deleteDistTag);
app.put('/:scope{@[^/]+}/:slug/*', requireAccount, refuseNpmWrite);
app.put('/:scope{@[^/]+}/:slug', requireAccount, refuseNpmWrite);
app.delete('/:scope{@[^/]+}/:slug/*', requireAccount, refuseNpmWrite);

// progy
app.post(PUBLISH_PATH, requireAccount, postPublish);
app.get('/registry/resolve/:scope/:slug', getResolution);
app.get('/registry/download/:scope/:slug/:version', getDownload);

/** Courses are published as .progy files, and a version never goes away. */
function refuseNpmWrite(_c: AppContext): never {
  throw new RegistryError('METHOD_NOT_ALLOWED', 'Courses are published with: progy publish', { next: 'progy publish' });
}
