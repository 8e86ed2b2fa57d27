// Owns what a program prints: keeping the end of it, and making it readable while it comes.
import { StringDecoder } from 'node:string_decoder';
import { SRP_BEGIN, SRP_END } from './report.ts';

/** Longer lines are shown in pieces. */
const MAX_LINE = 2_000;
/** Lines that are shown while they come; all is kept up to the limit. */
const MAX_LIVE_LINES = 2_000;

/** The end of a stream of bytes, at most `limit` of them. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that came, kept or not. */
  get total(): number {
    return this.#total;
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    this.#kept += chunk.length;
    this.#chunks.push(chunk);
    while (this.#kept - (this.#chunks[0]?.length ?? 0) >= this.#limit) this.#kept -= this.#chunks.shift()?.length ?? 0;
  }

  /** As UTF-8. */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#limit)).toString('utf8');
  }
}

/** Passes whole lines on while they come, without colours and without the report for progy. */
export class LiveLines {
  readonly #show: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #open = '';
  #shown = 0;
  #isInReport = false;

  constructor(show: (line: string) => void) {
    this.#show = show;
  }

  add(chunk: Buffer): void {
    if (this.#shown > MAX_LIVE_LINES) return;
    const lines = (this.#open + this.#decoder.write(chunk)).split('\n');
    this.#open = lines.pop() ?? '';
    for (const line of lines) this.#pass(line);
    if (this.#open.length > MAX_LINE) this.end();
  }

  /** Passes on what is left without a line end. */
  end(): void {
    if (this.#open !== '') this.#pass(this.#open);
    this.#open = '';
  }

  #pass(line: string): void {
    if (line.includes(SRP_BEGIN)) this.#isInReport = true;
    if (!this.#isInReport) this.#showLine(line);
    if (line.includes(SRP_END)) this.#isInReport = false;
  }

  #showLine(line: string): void {
    this.#shown++;
    if (this.#shown <= MAX_LIVE_LINES) this.#show(readable(line).slice(0, MAX_LINE));
    if (this.#shown === MAX_LIVE_LINES + 1) this.#show('… and more, which is not shown');
  }
}

/**
 * Printed text without colours and titles, and with only the last state of a line that was drawn over. What else acts on a
 * terminal stays in it: whoever prints it has to escape that.
 */
export function readable(text: string): string {
  return (
    text
      // Runs of characters that no sequence starts with: each is looked at once.
      .replace(/\u001b\[[0-9;:?]*[ -/]*[@-~]/g, '')
      .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
      .split('\n')
      .map((line) => afterLastReturn(line.endsWith('\r') ? line.slice(0, -1) : line))
      .join('\n')
  );
}

function afterLastReturn(line: string): string {
  return line.slice(line.lastIndexOf('\r') + 1);
}
