// Owns the command line of `npm run bench:init`.
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { STAGES, type Stage } from './stages.ts';

export interface InitBenchOptions {
  /** Rounds of each link, slow and fast, and of programs that only start. */
  readonly rounds: { readonly slow: number; readonly fast: number; readonly start: number };
  readonly stages: readonly Stage[];
  /** Folder to work in. */
  readonly folder: string;
  /** File for the numbers of every round. */
  readonly json: string;
  readonly markdown: boolean;
}

export const USAGE = `npm run bench:init -- [options]

  --quick         one round of the slow link and three of the fast one
  --rounds N      rounds of both links (slow 3, fast 9)
  --only A,B      some of start, fast and slow
  --folder DIR    works in a folder of this one (the system's for temporary files)
  --json FILE     where every round's numbers go (.bench/init.json)
  --markdown      print tables as Markdown`;

/** @throws {Error} with a sentence for whoever typed it. */
export function parseInitBenchOptions(args: readonly string[]): InitBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', default: STAGES.join(',') },
      folder: { type: 'string', default: tmpdir() },
      json: { type: 'string', default: '.bench/init.json' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const { quick, folder, json, markdown } = values;
  const usual = quick ? { slow: 1, fast: 3, start: 11 } : { slow: 3, fast: 9, start: 31 };
  const rounds = values.rounds === undefined ? usual : allOf(numberOf(values.rounds));
  return { rounds, stages: stagesOf(values.only), folder, json, markdown };
}

function stagesOf(only: string): Stage[] {
  const wanted = only.split(',');
  const unknown = wanted.find((name) => !STAGES.some((stage) => stage === name));
  if (unknown !== undefined) throw new Error(`--only takes some of ${STAGES.join(', ')}, not "${unknown}"`);
  return STAGES.filter((stage) => wanted.includes(stage));
}

const allOf = (rounds: number) => ({ slow: rounds, fast: rounds, start: rounds });

function numberOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= 100) return rounds;
  throw new Error(`--rounds takes a whole number from 1 to 100, not "${text}"`);
}
