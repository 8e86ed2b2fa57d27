// Owns the progress line that moves while work runs. Not clack's spinner: it takes over the keyboard and on Ctrl-C ends
// the process with exit code 0, before anything is cleaned up.
import type { Writable } from 'node:stream';
import { formatSize } from './format.ts';

/** Reports how many bytes of how many are done. Work of unknown length never calls it. */
export type Report = (done: number, total: number) => void;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const BAR_CELLS = 24;
/** Work that reports nothing for so long shows that it waits. */
const PATIENCE_MS = 3_000;
const ERASE_LINE = '\r\u001b[2K';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Where work that is being drawn stands. */
export interface Standing {
  readonly label: string;
  /** Bytes; undefined until the work reports. */
  readonly bytes?: { readonly done: number; readonly total: number };
  /** Bytes a second; undefined until there is something to measure. */
  readonly rate?: number;
  /** Milliseconds since the work began or last reported. */
  readonly silentMs: number;
}

/** Draws a label and, once the work reports, a bar; always leaves an empty line behind. */
export async function showProgress<T>(
  terminal: Writable & { readonly columns?: number },
  label: string,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  const pace = new Pace(label);
  let frame = 0;
  const draw = () => {
    const room = (terminal.columns || 80) - 3;
    terminal.write(`${ERASE_LINE}${FRAMES[frame++ % FRAMES.length]} ${describe(pace.standing(Date.now()), room)}`);
  };
  terminal.write(HIDE_CURSOR);
  const timer = setInterval(draw, FRAME_MS);
  draw();
  try {
    return await work((done, total) => pace.report(done, total, Date.now()));
  } finally {
    clearInterval(timer);
    terminal.write(ERASE_LINE + SHOW_CURSOR);
  }
}

/** Removes the line that is being drawn, so that another one can take its place. */
export function eraseLine(terminal: Writable): void {
  terminal.write(ERASE_LINE);
}

/** How work goes on: its reports, and the time between them. */
class Pace {
  readonly #label: string;
  #bytes: Standing['bytes'];
  #first: { readonly done: number; readonly at: number } | undefined;
  #heardAt = Date.now();

  constructor(label: string) {
    this.#label = label;
  }

  report(done: number, total: number, now: number): void {
    this.#bytes = { done, total };
    this.#first ??= { done, at: now };
    this.#heardAt = now;
  }

  standing(now: number): Standing {
    const seconds = this.#first === undefined ? 0 : (now - this.#first.at) / 1000;
    const rate = seconds >= 1 ? ((this.#bytes?.done ?? 0) - (this.#first?.done ?? 0)) / seconds : undefined;
    return { label: this.#label, bytes: this.#bytes, rate, silentMs: now - this.#heardAt };
  }
}

/**
 * One line: the label, a bar, bytes and rate, and for how long nothing has happened. What does not fit is left out, the
 * least important first.
 * @param room characters that fit.
 */
export function describe({ label, bytes, rate, silentMs }: Standing, room: number): string {
  const percent = bytes && `${percentOf(bytes.done, bytes.total)}%`;
  const bar = bytes && drawBar(bytes.done, bytes.total);
  const sizes = bytes && bytes.total > 0 ? `${formatSize(bytes.done)} of ${formatSize(bytes.total)}` : undefined;
  const speed = rate !== undefined && silentMs < PATIENCE_MS ? `${formatSize(Math.round(rate))}/s` : undefined;
  const wait = silentMs >= PATIENCE_MS ? `waiting for ${Math.floor(silentMs / 1000)} s` : undefined;
  const variants = [
    [label, bar, sizes, speed, wait],
    [label, bar, sizes, wait],
    [label, bar, wait],
    [label, percent, wait],
    [percent, wait],
  ].map((parts) => parts.filter((part) => part !== undefined).join('  '));
  return variants.find((line) => line !== '' && line.length <= room) ?? label.slice(0, room);
}

/** `━━━━━━────── 50%`. */
export function drawBar(done: number, total: number): string {
  const filled = Math.round((percentOf(done, total) / 100) * BAR_CELLS);
  return `${'━'.repeat(filled)}${'─'.repeat(BAR_CELLS - filled)} ${percentOf(done, total)}%`;
}

function percentOf(done: number, total: number): number {
  return total <= 0 ? 100 : Math.floor(Math.min(done / total, 1) * 100);
}
