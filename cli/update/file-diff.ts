// Owns what differs between two files, as a unified diff.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { isText } from './merge/line-ends.ts';

export interface FileDiff {
  readonly path: string;
  readonly state: 'changed' | 'added' | 'removed';
  /** Without a line end. */
  readonly text: string;
}

/** Comparing takes time in proportion to the number of differences and to the length: beyond this it only says so. */
const MAX_EDITS = 5_000;
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * The difference of a file from what was published. Line ends make none.
 * @param published undefined if the course has no such file.
 * @param mine undefined if the student has none.
 */
export function fileDiff(path: string, published: Buffer | undefined, mine: Buffer | undefined): FileDiff {
  const state = published === undefined ? 'added' : mine === undefined ? 'removed' : 'changed';
  const from = published === undefined ? '/dev/null' : `a/${path}`;
  const to = mine === undefined ? '/dev/null' : `b/${path}`;
  const both = [published, mine].filter((content) => content !== undefined);
  const isLong = both.some((content) => content.length > MAX_BYTES);
  const patch = isLong || !both.every(isText) ? undefined : patchOf([from, to], textOf(published), textOf(mine));
  return { path, state, text: patch ?? `--- ${from}\n+++ ${to}\n${isLong ? 'Too long to compare' : 'Files differ'}` };
}

function patchOf([from, to]: [string, string], published: string, mine: string): string | undefined {
  const patch = createTwoFilesPatch(from, to, published, mine, undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDITS,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return patch?.trimEnd();
}

function textOf(content: Buffer | undefined): string {
  return (content?.toString('utf8') ?? '').replaceAll('\r\n', '\n');
}
