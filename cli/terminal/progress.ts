// Owns the progress line that moves while work runs. Not clack's spinner: it takes over the keyboard and on Ctrl-C ends
// the process with exit code 0, before anything is cleaned up.
import type { Writable } from 'node:stream';

/** Reports how far the work is, in any unit. Work of unknown length never calls it. */
export type Report = (done: number, total: number) => void;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const BAR_CELLS = 24;
const ERASE_LINE = '\r\u001b[2K';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Draws a label and, once the work reports, a bar; always leaves an empty line behind. */
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
