// Owns the Worker's entry points: requests, and the cron that runs the sweep and keeps search in order.
import type { ExecutionContext, ScheduledController } from '@cloudflare/workers-types';
import { app } from './app.ts';
import { contextOf } from './context.ts';
import { keepShipped } from './domain/client/kept-clients.ts';
import { writeDownloads } from './domain/read/count-downloads.ts';
import { moveCoursesInSearch } from './domain/read/search-places.ts';
import { sweep } from './domain/sweep/sweep.ts';
import { sweepSignIns } from './domain/sweep/sweep-sign-ins.ts';
import type { Env } from './env.ts';
import { requestContext } from './middleware/context.ts';
import { shortWay } from './short-way.ts';

export default {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> {
    const openContext = () => requestContext(request, env, (work) => ctx.waitUntil(work));
    return shortWay(request, openContext) ?? app.fetch(request, env, ctx);
  },
  async scheduled(controller: ScheduledController, env: Env, _ctx: ExecutionContext): Promise<void> {
    const context = { ...contextOf(env), now: () => new Date(controller.scheduledTime) };
    await writeDownloads(context);
    await sweepSignIns(context);
    const swept = await sweep(context);
    console.log(
      `swept ${swept.attempts} dead publishes, ${swept.versions} unpublished versions, ${swept.objects} objects`,
    );
    console.log(`moved ${await moveCoursesInSearch(context)} courses in search`);
    await keepShipped(context);
  },
};
