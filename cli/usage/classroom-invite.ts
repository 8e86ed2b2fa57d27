// Owns how `progy classroom invite` is called.
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { INVITATION_LIMITS } from '@progy/protocol/wire/bounds.ts';
import type { Declaration, OptionsOf } from '../command.ts';

const HOURS_A_DAY = 24;
const DEFAULT_HOURS = 7 * HOURS_A_DAY;
const DEFAULT_SEATS = 40;

const names = ['course'] as const;

const describe = (classroom: Command) =>
  classroom
    .command('invite')
    .summary('let a class read a private course')
    .description(
      'Lets many people read a private course: those in a CSV file, by username or verified email address, or whoever accepts one link on the sign-in page of the registry.',
    )
    .argument('<course>', '@scope/slug')
    .option('--csv <file>', 'list with a column "username" or "email"')
    .option('--link', 'make a link to send to the class')
    .option('--expires <time>', 'when the link ends, such as 12h or 30d (default: 7d)', parseHours, DEFAULT_HOURS)
    .option('--seats <number>', 'how many accounts can accept the link', parseSeats, DEFAULT_SEATS)
    .option('--revoke', 'take back every open link to the course')
    .option('--registry <url>', 'registry to ask')
    .addHelpText(
      'after',
      '\nExamples:\n  progy classroom invite @diego/secrets --csv class.csv\n  progy classroom invite @diego/secrets --link --seats 32 --expires 14d',
    );

export const invite: Declaration<typeof describe, typeof names> = { usage: describe, names };

export type InviteOptions = OptionsOf<typeof describe, typeof names>;

function parseHours(text: string): number {
  const [, number, unit] = /^(\d{1,4})(h|d)$/.exec(text) ?? [];
  const hours = Number(number) * (unit === 'd' ? HOURS_A_DAY : 1);
  if (hours >= 1 && hours <= INVITATION_LIMITS.hours) return hours;
  throw new InvalidArgumentError('It must be hours or days, such as 12h or 30d, and at most 90 days.');
}

function parseSeats(text: string): number {
  const seats = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seats >= 1 && seats <= INVITATION_LIMITS.seats) return seats;
  throw new InvalidArgumentError(`It must be a number from 1 to ${INVITATION_LIMITS.seats}.`);
}
