// Owns Markdown tables on a terminal: in columns where they fit, else row by row.
import type { Table } from 'mdast';
import stringWidth from 'string-width';
import type { Line, Span } from '../terminal/styled.ts';
import { flow } from './flow.ts';
import { type Definitions, inlineSpans } from './inlines.ts';

const GAP = '  ';

type Cell = readonly Span[];

/** Lines of at most `width` columns. */
export function tableLines({ children }: Table, definitions: Definitions, width: number): Line[] {
  const [header = [], ...rows] = children.map((row) =>
    row.children.map((cell) => inlineSpans(cell.children, definitions)),
  );
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => widthOf(row[column] ?? []))));
  const needed = widths.reduce((sum, column) => sum + column, GAP.length * (widths.length - 1));
  return needed <= width ? inColumns(header, rows, widths) : rowByRow(header, rows, width);
}

function inColumns(header: readonly Cell[], rows: readonly (readonly Cell[])[], widths: readonly number[]): Line[] {
  const rule = widths.map((column) => '─'.repeat(column)).join(GAP);
  return [
    padded(header.map(bold), widths),
    [{ text: rule, styles: ['dim'] }],
    ...rows.map((row) => padded(row, widths)),
  ];
}

function padded(row: readonly Cell[], widths: readonly number[]): Line {
  return widths.flatMap((width, column) => {
    const cell = row[column] ?? [];
    return [...(column === 0 ? [] : [{ text: GAP }]), ...cell, { text: ' '.repeat(width - widthOf(cell)) }];
  });
}

/** Each cell after the name of its column, and an empty line between rows. */
function rowByRow(header: readonly Cell[], rows: readonly (readonly Cell[])[], width: number): Line[] {
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : [[]]),
    ...row.flatMap((cell, column) => flow([...bold(header[column] ?? []), { text: ': ' }, ...cell], width)),
  ]);
}

function bold(cell: Cell): Span[] {
  return cell.map(({ text, styles = [] }) => ({ text, styles: [...styles, 'bold'] }));
}

function widthOf(cell: Cell): number {
  return cell.reduce((sum, { text }) => sum + stringWidth(text), 0);
}
