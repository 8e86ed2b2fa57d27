// Every command of the documentation that a test cannot run: the reason, and a check that it at least exists.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import packageJson from '../../package.json' with { type: 'json' };
import { parseStartOptions } from '../local/options.ts';
import { temporaryFolder } from './clients/helpers/folders.ts';
import { progy } from './clients/helpers/progy.ts';
import { blocksOf, commandsIn, listPages, ROOT, readPage } from './helpers/documents.ts';

const run = promisify(execFile);
const pages = await listPages();
const texts = new Map(await Promise.all(pages.map(async (path) => [path, await readPage(path)] as const)));

/** Commands in `sh` blocks that cannot run here, by how they begin. */
const NOT_RUN: [start: RegExp, why: string][] = [
  [/^git (clone|push|pull|remote add) /, 'it needs a repository on a server'],
  [/^npm ci && npm (start|run demo)$/, 'CI does it from a clean clone: .ci/run'],
  [/^npm ci$/, 'CI does it from a clean clone: .ci/run'],
  [/^npm (test|run demo|run check|run format)$/, 'CI runs it, or would run itself'],
  [/^npm start\b/, 'the registry of this test runs it; it ends with Ctrl-C only'],
  [
    /^npm run (deploy|executables|migrations|test:clients|test:clients:update|bench(?::\w+)?|dev)\b/,
    'it deploys, generates, downloads or measures',
  ],
  [/^npx tap /, 'this is such a test'],
  [
    /^npx --yes --@progy|^npm install --global --@progy|^curl -fsSL \S+\/install\.sh/,
    'registry/test/clients/get-progy.test.ts does it on a bare machine',
  ],
  [
    /^(cd my-sql-detective|cd my-javascript-quest|npx --no progy (next|test))$/,
    'it is in a class folder with a history',
  ],
  [/^progy (portfolio|serve|classroom invite) /, 'it needs GitHub or a class that signs in, or runs until Ctrl-C'],
  [
    /^PROGY_REGISTRY=\S+ PROGY_TOKEN=/,
    'it needs a token that npm makes for a password only; cli/test/commands/publish.test.ts has one',
  ],
  [/^export PATH=/, 'it is about the shell that the reader has already'],
  [/^npm install --global (yarn|pnpm|bun)/, 'it installs another client'],
  [/^(pnpm|yarn|bun) /, 'npm run test:clients tries the clients'],
];

t.test('commands that are not typed here have a reason', async (t) => {
  const helpOf = wranglerHelp(await temporaryFolder(t));
  for (const [path, text] of texts) {
    for (const block of blocksOf(text).filter(({ language }) => language === 'sh')) {
      for (const command of commandsIn(block)) await checkUntyped(t, helpOf, `${path}:${block.line}`, command);
    }
  }
});

t.test('every npm script that a page names is there', async (t) => {
  for (const [path, text] of texts) {
    const named = [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, script]) => script ?? '');
    for (const script of new Set(named)) t.hasOwnProp(packageJson.scripts, script, `${path}: npm run ${script}`);
  }
});

t.test('every progy command that a page names is there', async (t) => {
  const home = await temporaryFolder(t);
  const help = await progy(['--help'], { cwd: home, home });
  for (const [path, text] of texts) {
    const named = [...text.matchAll(/`progy ([a-z][a-z-]*)/g)].map(([, command]) => command ?? '');
    for (const command of new Set(named))
      t.match(help, new RegExp(`^  ${command}\\b`, 'm'), `${path}: progy ${command}`);
  }
});

t.test('every block of a page is of a kind that somebody checks, or shows no command', (t) => {
  const kinds = ['console', 'sh', 'powershell', 'json', 'markdown', 'js', 'ini', 'yaml', 'ts', 'sql', 'text'];
  for (const [path, text] of texts) {
    for (const { language, line } of blocksOf(text)) t.ok(kinds.includes(language), `${path}:${line}: ${language}`);
  }
  t.end();
});

/** A command of a `sh` block: wrangler is asked whether it knows all of it, the rest is on the list above. */
async function checkUntyped(t: Test, helpOf: HelpOf, place: string, command: string): Promise<void> {
  if (command.startsWith('npm start -- ')) parseStartOptions(command.split(' ').slice(3));
  if (command.startsWith('npx wrangler ')) return checkWrangler(t, helpOf, place, command);
  t.ok(
    NOT_RUN.some(([start]) => start.test(command)),
    `${place}: NOT_RUN says why this is not typed: ${command}`,
  );
}

/** What wrangler says of a command. */
type HelpOf = (command: string) => Promise<string>;

/** Asks wrangler once for each command; it takes a second to start. */
function wranglerHelp(cwd: string): HelpOf {
  const known = new Map<string, Promise<string>>();
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' };
  const ask = async (command: string) => {
    const { stdout } = await run(process.execPath, [wrangler, ...command.split(' '), '--help'], { cwd, env });
    return stdout;
  };
  return (command) => {
    const help = known.get(command) ?? ask(command);
    known.set(command, help);
    return help;
  };
}

/** wrangler's commands have two words, those of buckets three. */
async function checkWrangler(t: Test, helpOf: HelpOf, place: string, command: string): Promise<void> {
  const [, , ...words] = command.split(' ');
  const named = words.slice(0, words[0] === 'r2' ? 3 : 2).join(' ');
  const help = await helpOf(named);
  t.ok(help.includes(`wrangler ${named}`), `${place}: ${command}`);
  for (const option of words.filter((word) => word.startsWith('--')))
    t.ok(help.includes(option), `${place}: ${command} knows ${option}`);
}
