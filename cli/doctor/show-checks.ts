// Owns what progy doctor prints.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { type Check, firstToFix } from './check.ts';

/** A line for each check, with the fix below it where there is one; the last line says what to fix first. */
export function showChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ status, name, found, fix }) => [
    `${status.padEnd(4)}  ${name.padEnd(width)}  ${escapeControls(found)}`,
    ...(fix === undefined ? [] : [`${' '.repeat(width + 8)}fix: ${escapeControls(fix)}`]),
  ]);
  const first = firstToFix(checks);
  const last = first === undefined ? 'Everything is in order.' : `Next: ${escapeControls(first.fix ?? '')}`;
  return [...lines, '', last].join('\n');
}
