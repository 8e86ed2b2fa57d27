// Owns GET /schema/course.json: what `$schema` in a course.json points editors at.
import { courseJsonSchema } from '@progy/protocol/course/course.ts';
import type { AppContext } from '../../app-env.ts';

export function getCourseSchema(c: AppContext): Response {
  return c.json(courseJsonSchema(), 200, {
    'Content-Type': 'application/schema+json',
    'Cache-Control': 'public, max-age=3600',
  });
}
