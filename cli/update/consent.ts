// Owns asking before something is done that not everybody wants.
import { CliError } from '../cli-error.ts';
import type { Talk } from '../terminal/talk.ts';

export interface Matter {
  /** What there is to decide about, as a sentence without a full stop. */
  readonly problem: string;
  readonly question: string;
  /** The command for those who want it without being asked. */
  readonly next: string;
}

/**
 * Asks, unless the person has agreed already.
 * @param agreed with `--yes`.
 * @throws {CliError} NOT_AGREED if they do not agree, or where nobody can answer.
 */
export async function agree(talk: Talk, agreed: boolean, { problem, question, next }: Matter): Promise<void> {
  if (agreed) return;
  talk.note(problem);
  const answer = await talk.ask(`${question}? (yes/no)`).catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'NO_TERMINAL') throw new CliError('NOT_AGREED', problem, next);
    throw error;
  });
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError('NOT_AGREED', 'Nothing was changed', next);
}
