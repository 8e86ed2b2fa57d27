// Owns a person's terminal in tests: one shell in which they type one command after another.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface Said {
  code: number;
  /** The output of both streams, in order. */
  output: string;
}

/** Timeout in milliseconds, for a command that waits for input nobody types. */
const PATIENCE = 120_000;
const END = 'that-was-the-command';

/** A bash that keeps its folder and its variables from command to command. */
export class Shell {
  readonly #bash: ChildProcessWithoutNullStreams;
  #heard = '';
  #listen = () => {};

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#bash = spawn('bash', ['--noprofile', '--norc'], { cwd, env, detached: true });
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#heard += text;
      this.#listen();
    });
    this.#bash.once('exit', () => this.#listen());
    // After a timeout nobody reads the input.
    this.#bash.stdin.on('error', () => undefined);
    this.#bash.stdin.write('exec 2>&1\n');
  }

  /**
   * Types a command and waits for its end.
   * @param onOutput is told all that the command has printed so far, whenever there is more.
   * @throws {Error} if the shell ends, or the command does not.
   */
  run(command: string, onOutput: (output: string) => void = () => {}): Promise<Said> {
    this.#heard = '';
    const said = new Promise<Said>((resolve, reject) => {
      const giveUp = setTimeout(() => this.close(), PATIENCE);
      this.#listen = () => {
        const [, output = '', code] = new RegExp(`^([\\s\\S]*)\\n${END} (\\d+)\\n$`).exec(this.#heard) ?? [];
        const isOver = this.#isOver();
        if (code !== undefined || isOver) clearTimeout(giveUp);
        if (code !== undefined) resolve({ code: Number(code), output });
        else if (isOver) reject(new Error(`The shell ended during ${command}:\n${this.#heard}`));
        else onOutput(this.#heard);
      };
    });
    this.#bash.stdin.write(`{ ${command}\n} </dev/null; printf '\\n${END} %d\\n' $?\n`);
    return said;
  }

  /** Ends the shell, and everything running in it. */
  close(): void {
    if (this.#isOver()) return;
    process.kill(-Number(this.#bash.pid), 'SIGKILL');
  }

  #isOver(): boolean {
    return this.#bash.exitCode !== null || this.#bash.signalCode !== null;
  }
}
