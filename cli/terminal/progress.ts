// Owns the one line that moves while work runs. Not clack's spinner: it takes the keyboard and ends the process on Ctrl-C
// by itself, with exit code 0 and before anything is tidied up.
import type { Writable } from 'node:stream';

/** Tells how far a piece of work is, in any unit. Work of unknown length never calls it. */
export type Report = (done: number, total: number) => void;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const BAR_CELLS = 24;
const ERASE_LINE = '\r\u001b[2K';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Draws a label and, once the work reports, a bar; leaves an empty line behind, whatever happens. */
export async function showProgress<T>(
  terminal: Writable & { readonly columns?: number },
  label: string,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  let frame = 0;
  let bar = '';
  const draw = () => {
    const line = `${FRAMES[frame++ % FRAMES.length]} ${label} ${bar}`;
    terminal.write(ERASE_LINE + line.slice(0, (terminal.columns || 80) - 1));
  };
  terminal.write(HIDE_CURSOR);
  const timer = setInterval(draw, FRAME_MS);
  draw();
  try {
    return await work((done, total) => {
      bar = drawBar(done, total);
    });
  } finally {
    clearInterval(timer);
    terminal.write(ERASE_LINE + SHOW_CURSOR);
  }
}

/** `━━━━━━────── 50%`. */
export function drawBar(done: number, total: number): string {
  const part = total <= 0 ? 1 : Math.min(done / total, 1);
  const filled = Math.round(part * BAR_CELLS);
  return `${'━'.repeat(filled)}${'─'.repeat(BAR_CELLS - filled)} ${Math.floor(part * 100)}%`;
}
