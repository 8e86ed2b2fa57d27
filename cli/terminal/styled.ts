// Owns text with styles: lines of spans, printed with colours where a terminal shows them.
import { styleText } from 'node:util';
import { escapeControls } from '@progy/protocol/escape-controls.ts';

export type Style = 'bold' | 'dim' | 'italic' | 'underline' | 'strikethrough' | 'green' | 'red' | 'yellow' | 'cyan';

/** A part of a line in one style. */
export interface Span {
  readonly text: string;
  readonly styles?: readonly Style[];
}

/** One line, without a line feed. */
export type Line = readonly Span[];

/** A line in one style, or in none. */
export function line(text: string, ...styles: Style[]): Line {
  return [{ text, styles }];
}

/** Lines as text for a terminal. Whatever could act on it is escaped: only these styles do. */
export function printLines(lines: readonly Line[], hasColours: boolean): string {
  return lines
    .map((spans) =>
      joined(spans)
        .map((span) => printSpan(span, hasColours))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** Neighbours in the same styles as one span. */
function joined(spans: Line): Span[] {
  const all: Span[] = [];
  for (const { text, styles = [] } of spans) {
    const before = all.at(-1);
    if (before !== undefined && String(before.styles) === String(styles))
      all[all.length - 1] = { text: before.text + text, styles };
    else all.push({ text, styles });
  }
  return all;
}

function printSpan({ text, styles = [] }: Span, hasColours: boolean): string {
  const safe = escapeControls(text);
  return hasColours && styles.length > 0 ? styleText([...styles], safe, { validateStream: false }) : safe;
}
