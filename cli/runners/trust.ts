// Owns asking before the first program of a course is started, and remembering the answer out of the course's reach.
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { cacheFolder } from '../registry/cache.ts';

/** Answers that are remembered; the oldest are forgotten. */
const MAX_REMEMBERED = 1_000;
const MAX_BYTES = 1024 * 1024;

const trustedSchema = z.looseObject({
  trusted: z.record(z.string(), z.looseObject({ course: z.string(), at: z.string() })),
});

type Trusted = z.infer<typeof trustedSchema>['trusted'];

/** What somebody is asked about. */
export interface Consent {
  /** `@diego/rust 1.0.0`. */
  readonly course: string;
  /** Absolute path of the course's root: another copy may hold other programs. */
  readonly folder: string;
  /** The commands as course.json has them, for any exercise. */
  readonly commands: unknown;
  /** The command lines of this run. */
  readonly shown: readonly string[];
  /** The command to run where nobody can be asked: `progy test --yes`. */
  readonly again: string;
  /** The person has agreed by an option. */
  readonly yes: boolean;
}

/**
 * Asks whether the programs of a course may be started, once for each copy, version and command.
 * @throws {CliError} NOT_AGREED if the person declines, or if nobody can be asked.
 */
export async function askConsent(consent: Consent, context: Context): Promise<void> {
  const file = trustedFile(context);
  const key = await keyOf(consent);
  if ((await readTrusted(file))[key] !== undefined) return;
  if (!consent.yes) await ask(consent, context);
  const trusted = await readTrusted(file);
  await writeTrusted(file, { ...trusted, [key]: { course: consent.course, at: new Date().toISOString() } });
}

async function ask({ course, shown, again }: Consent, { talk }: Context): Promise<void> {
  const lines = shown.map((line) => `  ${escapeControls(line)}`).join('\n');
  const next = `If you trust its author: ${again}`;
  const unasked = `${course} wants to run a program, and nobody can be asked: ${shown.join('; ')}`;
  if (!talk.watched) throw new CliError('NOT_AGREED', unasked, next);
  talk.tell(
    `${course} wants to run this on your computer:\n\n${lines}\n\nIt can do there what you can do. progy asks once.`,
  );
  const answer = await talk.ask('Run it? yes or no').catch((error) => {
    throw error instanceof CliError && error.code === 'NO_TERMINAL' ? new CliError('NOT_AGREED', unasked, next) : error;
  });
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError('NOT_AGREED', 'Nothing was run', next);
}

async function keyOf({ course, folder, commands }: Consent): Promise<string> {
  return createHash('sha256')
    .update(JSON.stringify([await realpath(folder), course, commands]))
    .digest('hex');
}

/** Beside the cache of downloads, in the person's home. */
function trustedFile({ env, home }: Context): string {
  return join(cacheFolder(process.platform, env, home), '..', '..', 'trusted.json');
}

/** Nothing for a file that is not there or cannot be read: then the person is asked again. */
async function readTrusted(file: string): Promise<Trusted> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.length > MAX_BYTES) return {};
  try {
    return trustedSchema.parse(JSON.parse(text)).trusted;
  } catch {
    return {};
  }
}

async function writeTrusted(file: string, trusted: Trusted): Promise<void> {
  const newest = Object.entries(trusted)
    .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1))
    .slice(0, MAX_REMEMBERED);
  const temporary = `${file}.${process.pid}.tmp`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(temporary, `${JSON.stringify({ trusted: Object.fromEntries(newest) }, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
}
