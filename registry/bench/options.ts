// Owns the command line of `npm run bench`.
import { parseArgs } from 'node:util';
import { TARGETS, type TargetName } from './targets/target.ts';

export interface BenchOptions {
  quick: boolean;
  only: readonly TargetName[];
  rounds: number;
  /** Seconds of one load. */
  seconds: number;
  /** Only scenarios whose name contains one of these; all if empty. */
  scenarios: readonly string[];
  /** File for the numbers of every round. */
  json: string;
  /** Print the tables as Markdown. */
  markdown: boolean;
  /** Folder with edge-apps' source. */
  edgeApps?: string;
}

export const USAGE = `npm run bench -- [options]

  --quick            in under two minutes: without 1,000 versions and 94 MB
  --only A,B         measure ours and: bare, floor, verdaccio, pnpr
  --edge-apps DIR    measure edge-apps' Worker too, whose source is in DIR
  --scenarios A,B    those whose name holds one of the words, such as publish, 200 or tarball-10mb
  --rounds N         rounds (5; quick 3)
  --seconds S        seconds of one load (2; quick 0.25)
  --json FILE        where every round's numbers go (.bench/latest.json)
  --markdown         print tables as Markdown`;

/** @throws {Error} with a sentence for the person who typed it. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      'edge-apps': { type: 'string' },
      scenarios: { type: 'string', default: '' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'string', default: '.bench/latest.json' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const { quick, json, markdown, 'edge-apps': edgeApps } = values;
  return {
    quick,
    only: targetsOf(values.only, edgeApps !== undefined),
    rounds: numberIn('--rounds', values.rounds ?? (quick ? '3' : '5'), 1, 100),
    seconds: numberIn('--seconds', values.seconds ?? (quick ? '0.25' : '2'), 0.05, 60),
    scenarios: words(values.scenarios),
    json,
    markdown,
    ...(edgeApps === undefined ? {} : { edgeApps }),
  };
}

const words = (text: string) => text.split(',').filter((word) => word !== '');

/** Always includes ours: everything is compared with it. */
function targetsOf(only: string | undefined, edgeApps: boolean): TargetName[] {
  const wanted = only === undefined ? TARGETS : words(only);
  const unknown = wanted.find((name) => !TARGETS.some((target) => target === name));
  if (unknown !== undefined) throw new Error(`--only takes some of ${TARGETS.join(', ')}, not "${unknown}"`);
  return TARGETS.filter((name) => (name === 'edge-apps' ? edgeApps : name === 'ours' || wanted.includes(name)));
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= least && number <= most)) {
    throw new Error(`${option} takes a number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}
