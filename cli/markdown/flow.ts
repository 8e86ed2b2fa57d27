// Owns fitting styled text into lines of a width, words and wide characters whole.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import stringWidth from 'string-width';
import type { Line, Span } from '../terminal/styled.ts';

/** A word in one style or several, and whether a space may stand before it. */
interface Word {
  readonly spans: Span[];
  readonly width: number;
}

const graphemes = new Intl.Segmenter();

/** Lines of at most `width` columns; a line feed in a span begins a new one. Words that are too long are cut. */
export function flow(spans: readonly Span[], width: number): Line[] {
  const lines: Span[][] = [];
  for (const words of paragraphs(spans)) {
    lines.push([]);
    let room = width;
    for (const word of words.flatMap((word) => cutWord(word, width))) {
      const current = lines.at(-1) ?? [];
      const taken = word.width + (current.length === 0 ? 0 : 1);
      if (taken <= room) {
        current.push(...(current.length === 0 ? [] : [space(current, word)]), ...word.spans);
        room -= taken;
      } else {
        lines.push([...word.spans]);
        room = width - word.width;
      }
    }
  }
  return lines;
}

/** A line in pieces of at most `width` columns, with every space in its place: for code. */
export function cutLine(text: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let room = width;
  for (const { segment } of graphemes.segment(escapeControls(text))) {
    const taken = stringWidth(segment);
    if (taken > room && piece !== '') {
      pieces.push(piece);
      piece = '';
      room = width;
    }
    piece += segment;
    room -= taken;
  }
  return [...pieces, piece];
}

/** The words of each line that the spans themselves begin. */
function paragraphs(spans: readonly Span[]): Word[][] {
  const all: Word[][] = [[]];
  let joins = false;
  for (const { text, styles = [] } of spans) {
    for (const token of text.split(/(\n|[^\S\n]+)/)) {
      if (token === '\n') all.push([]);
      if (token === '' || token.trim() === '') {
        joins &&= token === '';
        continue;
      }
      addWord(all.at(-1) ?? [], { text: escapeControls(token), styles }, joins);
      joins = true;
    }
  }
  return all;
}

/** A span right after another one belongs to the same word. */
function addWord(words: Word[], span: Span, joins: boolean): void {
  const before = joins ? words.pop() : undefined;
  const spans = [...(before?.spans ?? []), span];
  words.push({ spans, width: (before?.width ?? 0) + stringWidth(span.text) });
}

function cutWord(word: Word, width: number): Word[] {
  if (word.width <= width) return [word];
  const words: Word[] = [];
  let open: Span[] = [];
  let taken = 0;
  const close = () => {
    if (open.length > 0) words.push({ spans: open, width: taken });
    open = [];
    taken = 0;
  };
  for (const { text, styles = [] } of word.spans) {
    for (const piece of cutLine(text, width)) {
      const wide = stringWidth(piece);
      if (taken + wide > width) close();
      open.push({ text: piece, styles });
      taken += wide;
    }
  }
  close();
  return words;
}

/** Underlined and struck text goes on between its words. */
function space(before: readonly Span[], { spans }: Word): Span {
  const left = before.at(-1)?.styles ?? [];
  const right = spans[0]?.styles ?? [];
  return { text: ' ', styles: left.filter((style) => right.includes(style)) };
}
