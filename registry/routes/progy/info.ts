// Owns GET /registry/info/:scope/:slug[/:version]: a course and one of its versions, with what it teaches.
import type { CourseInfoDocument } from '@progy/protocol/wire/course-info.ts';
import type { AppContext } from '../../app-env.ts';
import { readCourseInfo } from '../../domain/read/course-info.ts';
import { answer } from '../../http/answer.ts';
import { documentCaching } from '../../http/caching.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

/** The version is a number or a dist-tag; without one it is `latest`. */
export async function getInfo(c: AppContext): Promise<Response> {
  const version = c.req.param('version') ?? 'latest';
  const { isPublic, ...info } = await readCourseInfo(c.var.context, nameInProgyPath(c), version);
  return answer<CourseInfoDocument>(c, info, 200, {
    'Cache-Control': documentCaching(c.req.raw, isPublic),
    Vary: 'Authorization',
  });
}
