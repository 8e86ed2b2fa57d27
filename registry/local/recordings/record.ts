// Owns `npm run record`: commands that are typed on a terminal here and now, as a picture for the documentation.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { drawTerminal } from './picture.ts';
import { type Line, screenAfter } from './screen.ts';

const USAGE = `npm run record -- FILE TITLE COMMAND…

Runs each COMMAND in the folder where npm was called, and draws what it prints. Example:
  npm run record -- docs/recordings/next.svg "The next exercise" "progy next"`;

/** Cells that programs are told; progy uses so many where nobody watches, too. */
const COLUMNS = 80;
/** Cells that are drawn. */
const DRAWN_COLUMNS = 88;
/** Between two commands. */
const GAP: Line = [];

const [file, title, ...commands] = process.argv.slice(2);
if (file === undefined || title === undefined || commands.length === 0) {
  console.error(USAGE);
  process.exit(1);
}
await writeFile(file, drawTerminal(await recorded(commands), title, DRAWN_COLUMNS));

async function recorded(commands: readonly string[]): Promise<Line[]> {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const lines: Line[] = [];
  for (const command of commands) {
    if (lines.length > 0) lines.push(GAP);
    lines.push(typed(command), ...(await shown(command, cwd)));
  }
  return lines;
}

/** The line of a command, as a person types it. */
function typed(command: string): Line {
  return [
    { text: '$', styles: ['blue'] },
    { text: ` ${command}`, styles: ['bold'] },
  ];
}

/**
 * Runs a command on a terminal, made by script(1). Only its answers go there, with their colours: progress and questions
 * differ from run to run, and docs-commands.test.ts types the command without somebody to ask.
 */
async function shown(command: string, cwd: string): Promise<Line[]> {
  const onTerminal = `stty cols ${COLUMNS}; { ${command}\n} 2>&1 >/dev/tty </dev/null | cat`;
  const child = spawn('script', ['-qefc', onTerminal, '/dev/null'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return screenAfter(output);
}
