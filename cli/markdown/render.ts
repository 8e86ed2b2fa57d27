// Owns Markdown as lines for a terminal.
import { runInNewContext } from 'node:vm';
import type { BlockContent, Definition, DefinitionContent, List, ListItem, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import stringWidth from 'string-width';
import type { Line, Style } from '../terminal/styled.ts';
import { cutLine, flow } from './flow.ts';
import { withoutTags } from './html.ts';
import { type Definitions, inlineSpans } from './inlines.ts';
import { tableLines } from './table.ts';

/** UTF-16 units that are shown of a text. */
const MAX_MARKDOWN = 64 * 1024;
/**
 * Milliseconds for one text. A chapter takes ten; but 64 kB of `*a*a*a` keep micromark busy for minutes, and the author of
 * a course chooses the text.
 */
const MAX_TIME_MS = 2_000;
/** Deeper lists and quotes are not shown. */
const MAX_DEPTH = 12;
/** Text in deep lists keeps this many columns. */
const MIN_COLUMNS = 12;
const TAB = '    ';

type Block = RootContent | BlockContent | DefinitionContent;

interface Page {
  readonly definitions: Definitions;
  readonly width: number;
  readonly depth: number;
}

/**
 * Lines of at most `width` columns, if that is 12 or more. Nothing in them acts on the terminal: images are their text,
 * HTML is what stands between its tags. A text that is made to be hard to read is shown as it is written.
 */
export function renderMarkdown(markdown: string, width: number): Line[] {
  const text = markdown.slice(0, MAX_MARKDOWN);
  const lines = inTime(() => pageLines(text, width)) ?? asWritten(text, width);
  return markdown.length > MAX_MARKDOWN
    ? [...lines, [], [{ text: '… it goes on in the file', styles: ['dim'] }]]
    : lines;
}

function pageLines(text: string, width: number): Line[] {
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return blockLines(root.children, { definitions: definitionsIn(root), width, depth: 0 });
}

/** What some work makes; undefined if it takes too long or too deep a stack. V8 ends whatever runs when the time is up. */
function inTime<T>(work: () => T): T | undefined {
  try {
    return runInNewContext('work()', { work }, { timeout: MAX_TIME_MS });
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return undefined;
    throw error;
  }
}

function asWritten(text: string, width: number): Line[] {
  const lines = text.replaceAll('\t', TAB).split(/\r?\n/);
  return lines.flatMap((line) => cutLine(line, width).map((text): Line => [{ text }]));
}

function definitionsIn({ children }: Root): Definitions {
  const definitions = children.filter((node): node is Definition => node.type === 'definition');
  return new Map(definitions.map((definition) => [definition.identifier, definition]));
}

/** Blocks with an empty line between them. */
function blockLines(blocks: readonly Block[], page: Page, isTight = false): Line[] {
  if (page.depth > MAX_DEPTH) return [[{ text: '…' }]];
  const shown = blocks.map((block) => linesOf(block, page)).filter((lines) => lines.length > 0);
  return shown.flatMap((lines, index) => (index === 0 || isTight ? lines : [[], ...lines]));
}

function linesOf(block: Block, page: Page): Line[] {
  const { width, definitions } = page;
  switch (block.type) {
    case 'heading':
      return headingLines(flow(withStyle(inlineSpans(block.children, definitions), 'bold'), width), block.depth);
    case 'paragraph':
      return flow(inlineSpans(block.children, definitions), width);
    case 'code':
      return codeLines(block.value, width);
    case 'list':
      return listLines(block, page);
    case 'blockquote':
      return prefixed(blockLines(block.children, inside(page, 2)), '│ ', '│ ');
    case 'table':
      return tableLines(block, definitions, width);
    case 'thematicBreak':
      return [[{ text: '─'.repeat(width), styles: ['dim'] }]];
    case 'html':
      return htmlLines(block.value, width);
    case 'footnoteDefinition':
      return prefixed(blockLines(block.children, inside(page, 4)), `[${block.identifier}] `, TAB);
    default:
      return [];
  }
}

/** The first two levels are underlined, so that they stand out without colours too. */
function headingLines(lines: Line[], depth: number): Line[] {
  const rule = ['═', '─'][depth - 1];
  if (rule === undefined) return lines;
  const longest = Math.max(...lines.map(widthOf));
  return [...lines, [{ text: rule.repeat(longest), styles: ['bold'] }]];
}

function codeLines(code: string, width: number): Line[] {
  const lines = code.replaceAll('\t', TAB).split(/\r?\n/);
  return lines.flatMap((line) =>
    cutLine(line, width - TAB.length).map((text): Line => [{ text: TAB }, { text, styles: ['cyan'] }]),
  );
}

function listLines(list: List, page: Page): Line[] {
  const isTight = !list.spread && list.children.every(({ spread }) => !spread);
  const start = list.start ?? 1;
  const items = list.children.map((item, index) => itemLines(item, list.ordered ? `${start + index}. ` : '• ', page));
  return items.flatMap((lines, index) => (index === 0 || isTight ? lines : [[], ...lines]));
}

function itemLines({ children, checked, spread }: ListItem, mark: string, page: Page): Line[] {
  const box = checked === true ? '[x] ' : checked === false ? '[ ] ' : '';
  const first = `${mark}${box}`;
  const lines = blockLines(children, inside(page, first.length), !spread);
  return prefixed(lines.length === 0 ? [[]] : lines, first, ' '.repeat(first.length));
}

function htmlLines(html: string, width: number): Line[] {
  return flow([{ text: withoutTags(html).trim() }], width).filter((line) => line.length > 0);
}

function inside({ definitions, width, depth }: Page, taken: number): Page {
  return { definitions, width: Math.max(width - taken, MIN_COLUMNS), depth: depth + 1 };
}

function prefixed(lines: readonly Line[], first: string, others: string): Line[] {
  return lines.map((line, index) => [{ text: index === 0 ? first : others }, ...line]);
}

function withStyle(line: Line, style: Style): Line {
  return line.map(({ text, styles = [] }) => ({ text, styles: [...styles, style] }));
}

function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + stringWidth(text), 0);
}
