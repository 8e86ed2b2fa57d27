// Owns what a student reads once their work is kept elsewhere too.
import { quote } from '@progy/protocol/quote.ts';
import type { KeptPortfolio } from '../portfolio/keep-portfolio.ts';
import { count } from '../terminal/format.ts';

/** Addresses are shown whole. */
export const MAX_URL = 2_048;

export function showPortfolio({ url, page, created, branch, commit, uncommitted }: KeptPortfolio): string {
  return [
    `Your work is at ${quote(page ?? url, MAX_URL)}`,
    ...(created ? ['  made    just now, private'] : []),
    `  pushed  ${branch}, commit ${commit.slice(0, 7)}`,
    ...(uncommitted === 0
      ? []
      : [`  not     ${count(uncommitted, 'file')} changed after your last commit, so not there yet`]),
    '',
    'Next: work on, commit, and push again with: progy portfolio',
  ].join('\n');
}

export function portfolioJson({ way, url, page, created, branch, commit, uncommitted }: KeptPortfolio): object {
  return { way, url, page: page ?? null, created, branch, commit, uncommitted };
}
