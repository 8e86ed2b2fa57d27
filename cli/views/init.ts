// Owns what a student reads after `progy init`.

import type { HashedEntry } from '@progy/protocol/course/tree-hash.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { PortfolioOutcome } from '../portfolio/with-init.ts';
import type { CheckedSignature } from '../registry/signature.ts';
import { firstCommitMessage, isRepository, type NoRepository, type Repository } from '../student/repository.ts';
import { fold } from '../terminal/fold.ts';
import { shellWord } from '../terminal/format.ts';
import { MAX_URL, portfolioJson } from './portfolio.ts';

/** Of what follows the first word of a line. */
const INDENT = ' '.repeat(9);

export interface Start {
  readonly name: string;
  readonly version: string;
  /** Relative to the working folder; empty for that folder itself. */
  readonly shownPath: string;
  readonly files: readonly HashedEntry[];
  /** Undefined: the registry does not sign. */
  readonly signature: CheckedSignature | undefined;
  /** Undefined with --no-git. */
  readonly git: Repository | NoRepository | undefined;
  /** Characters that fit in a line. */
  readonly columns: number;
  readonly portfolio?: PortfolioOutcome;
}

/** The summary, ending with one next step. */
export function showStart(start: Start): string {
  const { name, version, shownPath, files, signature } = start;
  const readFirst = firstToRead(files);
  const lines = [
    `${name} ${version} is ready in ${shownPath === '' ? 'this folder' : shownPath}`,
    `  files  ${files.length}, exactly as published`,
    ...(signature === undefined ? [] : [`  signed by the registry, key ${quote(signature.keyid)}`]),
    ...showGit(start).map((line, index) => `${index === 0 ? '  git    ' : INDENT}${line}`),
    ...showElsewhere(start.portfolio),
    ...(readFirst === undefined ? [] : [`  read   ${readFirst}`]),
  ];
  return [...lines.flatMap((line) => fitted(line, start.columns)), '', nextStep(shownPath)].join('\n');
}

/** Commands stay whole, so that they can be copied. */
function fitted(line: string, columns: number): string[] {
  return /^ +git (?:config|init|add|commit) /.test(line) ? [line] : fold(line, columns, INDENT);
}

function showGit({ git, name, version }: Start): string[] {
  if (git === undefined) return [];
  if (!isRepository(git)) return showNoRepository(git, firstCommitMessage({ name, version }));
  const commit = `a repository of your own, on ${git.branch}, first commit ${git.commit.slice(0, 7)}`;
  if (git.isOwnIdentity) return [commit];
  return [
    commit,
    'git does not know your name, so the commit is by "Progy Student". To set it:',
    'git config --global user.name "Your Name"',
    'git config --global user.email you@example.com',
  ];
}

function showElsewhere(portfolio: PortfolioOutcome | undefined): string[] {
  if (portfolio === undefined) return [];
  if ('error' in portfolio)
    return [`  kept   only here: ${portfolio.error} (${portfolio.code})`, `         ${portfolio.next}`];
  return [`  kept   at ${quote(portfolio.page ?? portfolio.url, MAX_URL)} too`];
}

/** For --json: nothing if it was not wanted, and no success if it did not work. */
export function portfolioOfStart(portfolio: PortfolioOutcome | undefined): object {
  if (portfolio === undefined) return {};
  if (!('error' in portfolio)) return { portfolio: portfolioJson(portfolio) };
  const { error, code, next } = portfolio;
  return { success: false, portfolio: { error, code, next } };
}

function showNoRepository({ problem, detail }: NoRepository, message: string): string[] {
  const reason =
    problem === 'git-missing'
      ? `no repository: git is not installed. Get it with: ${detail}. Then run in the folder:`
      : `no repository: ${escapeControls(detail.split('\n')[0] ?? '')}. Once that is fixed, run in the folder:`;
  return [reason, 'git init -b main', 'git add --all --force', `git commit -m "${message}"`];
}

function firstToRead(files: readonly HashedEntry[]): string | undefined {
  const paths = new Set(files.map(({ path }) => path));
  return ['SETUP.md', 'README.md'].find((name) => paths.has(name));
}

/** The one step that shows the first exercise. */
function nextStep(shownPath: string): string {
  return shownPath === '' ? 'Next: progy next' : `Next: cd ${shellWord(shownPath)}, then: progy next`;
}
