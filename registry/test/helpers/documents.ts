// Owns the documentation as tests read it: its pages, their blocks of code and recordings, and the commands in those.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textIn } from '../../local/recordings/picture.ts';

/** Of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A block of code between fences. */
export interface Block {
  /** The first word after the opening fence. */
  language: string;
  /** The word after it: the file whose content this is. Empty for most blocks. */
  file: string;
  lines: string[];
  /** Line of the opening fence, counted from 1. */
  line: number;
}

/** What a reader types, and the output that the page shows. */
export interface Typed {
  command: string;
  shown: string[];
  line: number;
}

/** Paths of all pages, from the root of the repository. Fixtures are not documentation: courses have READMEs too. */
export async function listPages(): Promise<string[]> {
  const inDocs = await readdir(join(ROOT, 'docs'), { recursive: true });
  const atRoot = await readdir(ROOT);
  return [
    ...atRoot.filter(isMarkdown),
    ...inDocs.filter(isMarkdown).map((path) => `docs/${path}`),
    'cli/README.md',
    'migrations/README.md',
    'fixtures/README.md',
  ].sort();
}

const isMarkdown = (path: string) => path.endsWith('.md');

export function readPage(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8');
}

/** The blocks of a page, from top to bottom. @throws {Error} for an unclosed fence. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    const fence = line.startsWith('```');
    if (fence && open === undefined) {
      const [language = '', file = ''] = line.slice(3).split(' ');
      open = { language, file, lines: [], line: index + 1 };
    } else if (fence && open !== undefined) {
      blocks.push(open);
      open = undefined;
    } else open?.lines.push(line);
  }
  if (open !== undefined) throw new Error(`The block in line ${open.line} does not end`);
  return blocks;
}

const RECORDING = /^!\[[^\]]*\]\(([^()\s]*recordings\/[\w-]+\.svg)\)$/;
const MEANWHILE = /^<!-- meanwhile: (.+) -->$/;

/**
 * What a reader of a page does, from top to bottom: its blocks, its recordings as `console` blocks, and what happens
 * meanwhile, as `meanwhile` blocks of one line.
 */
export async function stepsOf(path: string): Promise<Block[]> {
  const page = await readPage(path);
  const steps = blocksOf(page);
  for (const [index, text] of page.split('\n').entries()) {
    const line = index + 1;
    const [, recording] = RECORDING.exec(text) ?? [];
    const [, event] = MEANWHILE.exec(text) ?? [];
    if (recording !== undefined)
      steps.push({
        language: 'console',
        file: '',
        lines: textIn(await readPage(join(dirname(path), recording))),
        line,
      });
    if (event !== undefined) steps.push({ language: 'meanwhile', file: '', lines: [event], line });
  }
  return steps.sort((one, other) => one.line - other.line);
}

/**
 * The commands of a `console` block: lines with `$ ` before them, continued where one ends with `\`. The lines below are
 * what they print.
 * @throws {Error} for output before the first command.
 */
export function typedIn({ lines, line }: Block): Typed[] {
  const typed: Typed[] = [];
  let continues = false;
  for (const [index, text] of lines.entries()) {
    const last = typed.at(-1);
    if (text.startsWith('$ ')) typed.push({ command: text.slice(2), shown: [], line: line + index + 1 });
    else if (last === undefined) throw new Error(`Line ${line + index + 1} is the output of no command`);
    else if (continues) last.command += `\n${text}`;
    else last.shown.push(text);
    continues = text.endsWith('\\') && (continues || text.startsWith('$ '));
  }
  return typed;
}

/** The command lines of a `sh` block, without its comments. */
export function commandsIn({ lines }: Block): string[] {
  return lines
    .join('\n')
    .replaceAll('\\\n', '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)# .*/, '').trim())
    .filter((line) => line !== '');
}
