// Owns how `progy audit-log` is called.
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { MAX_AUDIT_ENTRIES } from '@progy/protocol/wire/bounds.ts';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('audit-log')
    .summary('show who changed a course')
    .description('Shows who changed a course, when, with which token, and from what to what, newest first.')
    .argument('<name>', '@scope/slug; or @scope, for an organization or your own account')
    .option('--limit <n>', `entries to show, at most ${MAX_AUDIT_ENTRIES}`, wholeNumber)
    .option('--before <id>', 'only entries older than this one', wholeNumber)
    .option('--registry <url>', 'registry to ask')
    .addHelpText(
      'after',
      '\nExamples:\n  progy audit-log @diego/rust-mastery\n  progy audit-log @acme --limit 10 --json',
    );

export const names = ['name'] as const;

export type AuditLogOptions = OptionsOf<typeof usage, typeof names>;

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use a whole number above 0.');
}
