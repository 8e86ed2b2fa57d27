// Owns questions on a terminal: the only importer of @clack/prompts.
import { confirm as confirmAtTerminal, isCancel, password, select, text } from '@clack/prompts';
import { CliError } from '../cli-error.ts';

/** One of several answers. */
export interface Choice {
  readonly label: string;
  /** Shown beside the label while it is pointed at. */
  readonly hint: string;
}

const required = (value: string | undefined) => (value ? undefined : 'Please type something.');

/**
 * Asks for a line.
 * @throws {CliError} INTERRUPTED for Ctrl-C or Escape.
 */
export async function ask(question: string): Promise<string> {
  return answer<string>(await text({ message: question, validate: required, output: process.stderr }));
}

/** Asks for a line that is not shown. */
export async function askSecret(question: string): Promise<string> {
  return answer<string>(await password({ message: question, validate: required, output: process.stderr }));
}

/** Asks for yes or no; Enter is no. */
export async function confirm(question: string): Promise<boolean> {
  return answer<boolean>(await confirmAtTerminal({ message: question, initialValue: false, output: process.stderr }));
}

/** Lets a person choose one of several, or none. Returns its index, or undefined. */
export async function choose(question: string, choices: readonly Choice[]): Promise<number | undefined> {
  const options = choices.map(({ label, hint }, value) => ({ value: String(value), label, hint }));
  const none = { value: 'none', label: 'None of these' };
  const chosen = answer<string>(
    await select({ message: question, options: [...options, none], output: process.stderr }),
  );
  return chosen === 'none' ? undefined : Number(chosen);
}

function answer<Value extends string | boolean>(value: Value | symbol): Value {
  if (isCancel(value) || typeof value === 'symbol') throw new CliError('INTERRUPTED', 'Interrupted');
  return value;
}
