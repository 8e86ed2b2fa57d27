// Owns GET /: what this address is, for a person or a script that finds it.
import { progyFrom } from '@progy/protocol/client/progy-command.ts';
import type { AppContext } from '../../app-env.ts';

export function getWelcome(c: AppContext): Response {
  const { origin } = c.var.context.settings;
  return c.json({
    registry: 'Progy: programming courses',
    start: `${progyFrom(origin)} init @scope/slug`,
    npm: `npm view @scope/slug --registry ${origin}`,
    schema: `${origin}/schema/course.json`,
  });
}
