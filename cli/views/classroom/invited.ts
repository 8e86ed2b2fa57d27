// Owns what `progy classroom invite` prints.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { LetRead } from '../../classroom/people/let-read.ts';
import { count } from '../../terminal/format.ts';
import { showLetRead } from './let-read.ts';

export type Invited =
  | ({ readonly kind: 'list' } & LetRead)
  /** `expiresAt` is ISO 8601. */
  | { readonly kind: 'link'; readonly url: string; readonly seats: number; readonly expiresAt: string }
  | { readonly kind: 'revoked'; readonly revoked: number };

/** @param flag ` --registry URL`, or nothing. */
export function showInvited(name: string, invited: Invited, flag: string): string {
  if (invited.kind === 'list') return showLetRead(name, invited, flag);
  if (invited.kind === 'revoked')
    return `${count(invited.revoked, 'link')} to ${name} taken back. Who has accepted one can still read it.\n\nNext: progy access revoke ${name} <user>${flag}`;
  const { url, seats, expiresAt } = invited;
  return [
    `${count(seats, 'account')} can accept this link, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC:`,
    `  ${escapeControls(url)}`,
    '  Whoever has it can accept it: it is shown only now.',
    '',
    `Next: send it to the class. To take it back: progy classroom invite ${name} --revoke${flag}`,
  ].join('\n');
}
