// Owns progy on a real terminal, made by script(1): what it shows, and keys typed when it has shown something.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from '../../terminal/format.ts';

const PROGY = fileURLToPath(new URL('../../progy.js', import.meta.url));

export interface TerminalRun {
  /** Everything shown so far. */
  shown(): string;
  /** Waits until a text is shown after all that was waited for before. */
  until(text: string): Promise<void>;
  type(keys: string): void;
  /** Waits for the end; the exit code. */
  end(): Promise<number>;
}

/** Starts progy on a terminal of 40 columns. */
export function onTerminal(cwd: string, ...argv: string[]): TerminalRun {
  return onTerminalWith({}, cwd, ...argv);
}

/** The same, with more in its environment. */
export function onTerminalWith(more: Record<string, string>, cwd: string, ...argv: string[]): TerminalRun {
  const command = [process.execPath, PROGY, ...argv].map(shellWord).join(' ');
  const child = spawn('script', ['-qefc', `stty cols 40; exec ${command}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: join(cwd, '.home'), TERM: 'xterm', ...more },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let shown = '';
  let seen = 0;
  let heed = () => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    heed();
  });
  const until = (text: string) =>
    new Promise<void>((resolve, reject) => {
      heed = () => {
        const at = shown.indexOf(text, seen);
        if (at < 0) return;
        seen = at + text.length;
        heed = () => {};
        resolve();
      };
      heed();
      void ended.then(() => reject(new Error(`It ended without "${text}":\n${shown}`)));
    });
  return {
    shown: () => shown,
    until,
    type: (keys) => void child.stdin.write(keys),
    end: async () => {
      const [code] = await ended;
      return code as number;
    },
  };
}
