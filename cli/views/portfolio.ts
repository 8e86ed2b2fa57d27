// Owns what a student reads once their work is kept elsewhere too.
import { quote } from '@progy/protocol/quote.ts';
import { type KeptPortfolio, uncommittedSentence } from '../portfolio/keep-portfolio.ts';

/** Addresses are shown whole. */
const MAX_URL = 2_048;

export function showPortfolio(kept: KeptPortfolio): string {
  const { url, page, created, branch, commit } = kept;
  const uncommitted = uncommittedSentence(kept);
  return [
    `Your work is at ${quote(page ?? url, MAX_URL)}`,
    ...(created ? ['  made    just now, private'] : []),
    `  pushed  ${branch}, commit ${commit.slice(0, 7)}`,
    ...(uncommitted === undefined ? [] : [`  not     ${uncommitted}`]),
    '',
    'Next: work on, commit, and push again with: progy portfolio',
  ].join('\n');
}

export function portfolioJson({ way, url, page, created, branch, commit, uncommitted }: KeptPortfolio): object {
  return { way, url, page: page ?? null, created, branch, commit, uncommitted };
}
