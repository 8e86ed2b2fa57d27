// Owns GET /registry/resolve/:scope/:slug: the versions of a course in Progy's dialect.
import type { Resolution } from '@progy/protocol/wire/resolution.ts';
import type { AppContext } from '../../app-env.ts';
import { resolvePackage } from '../../domain/read/read-documents.ts';
import { answer } from '../../http/answer.ts';
import { documentCaching } from '../../http/caching.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

export async function getResolution(c: AppContext): Promise<Response> {
  const { isPublic, ...resolution } = await resolvePackage(c.var.context, nameInProgyPath(c));
  return answer<Resolution>(c, resolution, 200, {
    'Cache-Control': documentCaching(c.req.raw, isPublic),
    Vary: 'Authorization',
  });
}
