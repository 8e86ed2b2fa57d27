// Owns contexts for tests: their own home and working folder, and a talk that records its lines.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CliError } from '../../cli-error.ts';
import type { Context, Environment } from '../../context.ts';
import type { Choice } from '../../terminal/prompts.ts';
import type { Talk } from '../../terminal/talk.ts';

/** Records lines; answers questions from a list. */
export class RecordedTalk implements Talk {
  readonly watched: boolean;
  readonly canAsk: boolean;
  readonly told: string[] = [];
  readonly warnings: string[] = [];
  readonly notes: string[] = [];
  readonly answers: string[];

  constructor(answers: string[] = [], watched = false) {
    this.answers = answers;
    this.watched = watched;
    this.canAsk = answers.length > 0;
  }

  tell(lines: string): void {
    this.told.push(lines);
  }

  note(line: string): void {
    this.notes.push(line);
  }

  warn(line: string): void {
    this.warnings.push(line);
  }

  clear(): void {
    this.told.length = 0;
  }

  async ask(question: string): Promise<string> {
    const answer = this.answers.shift();
    if (answer === undefined) throw new CliError('NO_TERMINAL', question);
    return answer;
  }

  /** The answer is a label. */
  async choose(question: string, choices: readonly Choice[]): Promise<number | undefined> {
    const label = await this.ask(question);
    const index = choices.findIndex((choice) => choice.label === label);
    return index === -1 ? undefined : index;
  }

  askSecret(question: string): Promise<string> {
    return this.ask(question);
  }

  async confirm(question: string): Promise<boolean> {
    return /^y/i.test(await this.ask(question));
  }

  during<T>(_label: string, work: (report: () => void) => Promise<T>): Promise<T> {
    return work(() => {});
  }
}

export interface TestContext extends Context {
  readonly talk: RecordedTalk;
}

interface Options {
  readonly env?: Environment;
  readonly answers?: string[];
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** A person is watching. */
  readonly watched?: boolean;
}

/** A context inside a folder of the test: `work` is the working folder, `home` the person's home. */
export async function testContext(folder: string, options: Options = {}): Promise<TestContext> {
  const cwd = join(folder, 'work');
  const home = join(folder, 'home');
  await mkdir(cwd, { recursive: true });
  await mkdir(home, { recursive: true });
  return {
    cwd,
    home,
    host: 'test-machine',
    progy: 'progy',
    update: (registry) => `Update it from ${registry}`,
    env: { PATH: process.env.PATH, HOME: home, ...options.env },
    talk: new RecordedTalk(options.answers, options.watched),
    columns: 80,
    signal: options.signal ?? new AbortController().signal,
    stdin: Readable.from([options.stdin ?? '']),
  };
}
