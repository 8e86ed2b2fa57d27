// Owns keeping a course elsewhere too as soon as it is started. Whatever becomes of that, the course stays.
import { relative } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type Explanation, explainError } from '../explain-error.ts';
import { startedCourseAround } from '../student/started-course.ts';
import { shellWord } from '../terminal/format.ts';
import { checkChoice, type KeptPortfolio, keepPortfolio, type PortfolioChoice } from './keep-portfolio.ts';
import { parseRemote } from './remote.ts';

/** Kept, or why it is not. */
export type PortfolioOutcome = KeptPortfolio | Explanation;

/**
 * Checks what is wanted before anything is downloaded.
 * @throws {CliError} USAGE, REMOTE_INVALID.
 */
export function checkWanted(choice: PortfolioChoice & { readonly git: boolean }, { cwd }: Context): void {
  checkChoice(choice);
  if (choice.remote !== undefined) parseRemote(choice.remote, cwd);
  if (!choice.git) throw new CliError('USAGE', '--no-git leaves nothing to push', 'Leave it out.');
}

/**
 * Keeps a course that has just been started.
 * @param folder absolute path of its root.
 */
export async function keepStarted(
  folder: string,
  choice: PortfolioChoice,
  context: Context,
): Promise<PortfolioOutcome> {
  try {
    return await keepPortfolio(await startedCourseAround(folder), choice, context);
  } catch (error) {
    const explained = explainError(error);
    if (!context.signal.aborted) return explained;
    // The next of an interruption speaks of a course that is not there.
    return { ...explained, next: `To finish: ${againIn(folder, choice, context)}` };
  }
}

function againIn(folder: string, { remote }: PortfolioChoice, { cwd }: Context): string {
  const enter = `cd ${shellWord(relative(cwd, folder) || '.')}`;
  return remote === undefined ? `${enter} && progy portfolio --github` : `${enter} && progy portfolio --remote <url>`;
}
