// Owns following a page of the documentation as a reader: typing its commands, writing its files, and comparing output.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Test } from 'tap';
import { freshEnvironment } from '../clients/helpers/run-program.ts';
import { type Block, ROOT, stepsOf, type Typed, typedIn } from './documents.ts';
import { Shell } from './shell.ts';

/** The address that pages show. */
const SHOWN_REGISTRY = 'http://localhost:8787';
const PAGE_ADDRESS = /\/login\?code=([A-Z\d]{4}-[A-Z\d]{4})/;

export interface Reader {
  /** Their home, where they begin. */
  home: string;
  /** Address of the running registry. */
  registry: string;
  /** Approves a sign-in in a browser. */
  approve(code: string): Promise<void>;
  /** Does what a page says that others do meanwhile. */
  meanwhile(event: string): Promise<void>;
}

/** Follows a page from top to bottom, in one terminal. */
export async function follow(t: Test, page: string, reader: Reader): Promise<void> {
  const shell = new Shell(reader.home, environmentOf(reader.home));
  t.teardown(() => shell.close());
  for (const block of await stepsOf(page)) {
    if (block.language === 'meanwhile') await reader.meanwhile(block.lines.join(''));
    if (block.file !== '') await writeShown(shell, block, reader);
    if (block.language !== 'console') continue;
    for (const typed of typedIn(block)) await type(t, shell, typed, reader);
  }
}

/** What this machine needs in order to reach the public npm registry: `npm install --global` does. */
const WAY_OUT = /^(NODE_EXTRA_CA_CERTS|https?_proxy|no_proxy)$/i;

/** A machine with the programs of this repository, on which global installs go below the home. */
function environmentOf(home: string): NodeJS.ProcessEnv {
  const { npm_config_globalconfig: _, ...env } = freshEnvironment(home);
  const prefix = join(home, '.npm-global');
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => WAY_OUT.test(name))),
    ...env,
    PATH: `${prefix}/bin:${join(ROOT, 'node_modules/.bin')}:${env.PATH}`,
    npm_config_prefix: prefix,
    npm_config_update_notifier: 'false',
    NO_COLOR: '1',
  };
}

/** A block that names a file is that file, in the folder where the reader stands. */
async function writeShown(shell: Shell, { file, lines }: Block, { registry }: Reader): Promise<void> {
  const { output } = await shell.run('pwd');
  const path = join(output.trim(), file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${lines.join('\n')}\n`.replaceAll(SHOWN_REGISTRY, registry));
}

/** What a command that fails prints: an error, an exercise that is not passed, or a conflict. */
const FAILURE = /^\s*(?:(?:npm )?error |✗ )|: almost done\./;

async function type(t: Test, shell: Shell, { command, shown, line }: Typed, reader: Reader): Promise<void> {
  const { code, output } = await shell.run(command.replaceAll(SHOWN_REGISTRY, reader.registry), approver(reader));
  const title = `line ${line}: ${command}`;
  const fails = shown.some((text) => FAILURE.test(text));
  t.equal(code !== 0, fails, `${title} ${fails ? 'fails' : 'succeeds'}`) || t.comment(output);
  if (shown.some((text) => text.trim() !== ''))
    compare(t, plain(output, reader), plain(shown.join('\n'), reader), title);
}

/** Opens the page once, when its address shows. */
function approver({ approve }: Reader): (output: string) => void {
  let asked = false;
  return (output) => {
    const code = PAGE_ADDRESS.exec(output)?.[1];
    if (code === undefined || asked) return;
    asked = true;
    void approve(code);
  };
}

/** `…` stands for anything: alone in a line for any lines, within one for any text. */
function compare(t: Test, output: string, shown: string, title: string): void {
  const lines = shown.split('\n').map((line) => (line === '…' ? '(?:.*\\n)*?' : `${patternOf(line)}\\n`));
  const isAsShown = new RegExp(`^${lines.join('')}$`).test(`${output}\n`);
  if (isAsShown) t.pass(`${title} prints what the page shows`);
  else t.equal(output, shown, `${title} prints what the page shows`);
}

function patternOf(line: string): string {
  return line.split('…').map(RegExp.escape).join('.*');
}

/** Without what differs between runs: colours, margins, empty lines, hashes, keys, dates, codes, times and places. */
function plain(text: string, { home, registry }: Reader): string {
  return stripVTControlCharacters(text)
    .replaceAll(registry, SHOWN_REGISTRY)
    .replaceAll(home, '~')
    .replace(/SHA256:[\w+/]{43}/g, 'SHA256:key')
    .replace(/sha512-[\w+/]{86}==/g, 'sha512-hash')
    .replace(/\b[0-9a-f]{7,64}\b/g, (word) => (/\d/.test(word) || word.length >= 40 ? 'hash' : word))
    .replace(/\bprogy_\w{6,}/g, 'progy_token')
    .replace(/\b\d{4}-\d\d-\d\d\b/g, 'date')
    .replace(/\b[A-Z\d]{4}-[A-Z\d]{4}\b/g, 'CODE-CODE')
    .replace(/\bin \d+(\.\d+)?m?s\b/g, 'in a while')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
