// Owns the table of clients and commands: as Markdown, and in docs/clients.md between its marks.
import { readFile, writeFile } from 'node:fs/promises';
import type { Cell } from './cell.ts';

const PAGE = new URL('../../../../docs/clients.md', import.meta.url);
const BLOCK = /(?<=<!-- clients -->\n)[\s\S]*?(?=<!-- \/clients -->)/;

/** Cells by row title, then by client label. */
export type Cells = Map<string, Map<string, Cell>>;

interface Note {
  title: string;
  labels: string[];
  words: string;
}

/** A row for each command, a column for each client, and below what the clients said where a cell is a number. */
export function toMarkdown(cells: Cells, labels: readonly string[], registry: string): string {
  const notes: Note[] = [];
  const textOf = (title: string, label: string): string => {
    const cell = cells.get(title)?.get(label);
    if (cell === undefined) return '✗';
    return cell.works ? '✓' : String(addNote(notes, { title, labels: [label], words: tidy(cell.words, registry) }));
  };
  const rows = [...cells.keys()].map((title) => [title, ...labels.map((label) => textOf(title, label))]);
  const list = notes.map(({ title, labels, words }, i) => `${i + 1}. ${title}, ${labels.join(', ')}: \`${words}\``);
  return `\n${toTable(['', ...labels], rows)}\n\n${list.join('\n')}\n\n`;
}

/** Adds a note, or the label to one that says the same, and answers its number. */
function addNote(notes: Note[], note: Note): number {
  const same = notes.findIndex(({ title, words }) => title === note.title && words === note.words);
  if (same === -1) return notes.push(note);
  notes[same]?.labels.push(...note.labels);
  return same + 1;
}

function toTable(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Leaves out what differs between runs, and the names of hosts that a client contacts regardless of its settings. */
function tidy(words: string, registry: string): string {
  return words
    .replaceAll(new URL(registry).host, 'registry')
    .replaceAll(/https:\/\/[^/\s"']+/g, 'https://host-of-its-own')
    .replaceAll('`', "'");
}

/** The table that docs/clients.md holds; undefined without the marks. */
export async function readTable(): Promise<string | undefined> {
  return BLOCK.exec(await readFile(PAGE, 'utf8'))?.[0];
}

/** Replaces the table in docs/clients.md. */
export async function saveTable(table: string): Promise<void> {
  const text = await readFile(PAGE, 'utf8');
  await writeFile(
    PAGE,
    text.replace(BLOCK, () => table),
  );
}
