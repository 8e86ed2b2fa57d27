// Owns questions on a terminal: the only importer of @clack/prompts.
import { confirm as confirmAtTerminal, isCancel, password, text } from '@clack/prompts';
import { CliError } from '../cli-error.ts';

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

function answer<Value extends string | boolean>(value: Value | symbol): Value {
  if (isCancel(value) || typeof value === 'symbol') throw new CliError('INTERRUPTED', 'Interrupted');
  return value;
}
