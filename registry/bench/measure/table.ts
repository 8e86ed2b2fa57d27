// Owns printing tables, for a terminal or as Markdown.

export interface Table {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** The first column is aligned left, the others right. */
export function printTable({ head, rows }: Table, markdown: boolean): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map(width)),
  );
  const line = (row: readonly string[]) => {
    const cells = widths.map((wide, column) => {
      const text = row[column] ?? '';
      const gap = ' '.repeat(wide - width(text));
      return column === 0 ? text + gap : gap + text;
    });
    return markdown ? `| ${cells.join(' | ')} |` : cells.join('  ').trimEnd();
  };
  const rule = widths.map((wide, column) => (column === 0 ? '-'.repeat(wide) : `${'-'.repeat(wide - 1)}:`));
  return [line(head), ...(markdown ? [line(rule)] : []), ...rows.map(line)].join('\n');
}

const width = (text: string) => [...text].length;

/** Three significant digits, and thousands in groups. */
export function shortNumber(number: number): string {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : 2;
  return number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
