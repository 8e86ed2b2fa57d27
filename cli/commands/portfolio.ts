// Owns `progy portfolio`: keeping the work on a course in a repository elsewhere.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { type KeptPortfolio, keepPortfolio } from '../portfolio/keep-portfolio.ts';
import { startedCourseAround } from '../student/started-course.ts';
import type { PortfolioOptions } from '../usage/portfolio.ts';
import { portfolioJson, showPortfolio } from '../views/portfolio.ts';

export async function run(options: PortfolioOptions, context: Context): Promise<KeptPortfolio> {
  return keepPortfolio(await startedCourseAround(context.cwd), options, context);
}

export const views: Views<KeptPortfolio> = { human: showPortfolio, json: portfolioJson };
