// Owns .progy/progress.json: what of a course is done. It belongs to the student's work and is committed with it.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Exercise, nameWithoutNumber } from './exercise.ts';

/** Where progress is kept, from the root of the course. No course can contain it. */
export const PROGRESS_FILE = '.progy/progress.json';
const SET_ASIDE = '.progy/progress.unreadable.json';
const VERSION = 1;
/** Progress of ten thousand exercises takes less. */
const MAX_BYTES = 4 * 1024 * 1024;

const entrySchema = z.looseObject({
  /** Runs of its tests until it passed. */
  attempts: z.int().min(0).optional().catch(undefined),
  /** When it first passed, or was marked as done: ISO 8601. */
  passedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
  /** True if the student said so, and no test did. */
  byHand: z.boolean().optional().catch(undefined),
  /** Hints that were shown. */
  hints: z.int().min(0).optional().catch(undefined),
});

/** An entry that is not as expected counts as nothing; it does not spoil the others. */
const progressSchema = z.looseObject({
  progressVersion: z.int().min(1).catch(VERSION),
  exercises: z.record(z.string(), entrySchema.catch({})).catch({}),
});

export type ProgressEntry = Readonly<z.infer<typeof entrySchema>>;

/** What a student did in a course. */
export interface Progress {
  readonly entries: ReadonlyMap<string, ProgressEntry>;
  /** `newer`: a newer progy wrote it, and this one only reads it. `unreadable`: it is not JSON, and will be set aside. */
  readonly state: 'sound' | 'newer' | 'unreadable';
  /** Everything the file says, also what this progy does not know. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Reads the progress in a course. A file that is not there or cannot be read is no progress. */
export async function readProgress(folder: string): Promise<Progress> {
  const text = await readFile(join(folder, PROGRESS_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (text === undefined) return { entries: new Map(), state: 'sound', document: {} };
  const result = text.length > MAX_BYTES ? undefined : progressSchema.safeParse(jsonOrUndefined(text));
  if (!result?.success) return { entries: new Map(), state: 'unreadable', document: {} };
  const { progressVersion, exercises } = result.data;
  const state = progressVersion > VERSION ? 'newer' : 'sound';
  return { entries: new Map(Object.entries(exercises)), state, document: result.data };
}

/** Whether an exercise is done. */
export function isDone({ entries }: Progress, { id }: Exercise): boolean {
  return entries.get(id)?.passedAt !== undefined;
}

/** The first exercise that is not done, in course order; undefined once all are. */
export function firstOpen(progress: Progress, exercises: readonly Exercise[]): Exercise | undefined {
  return exercises.find((exercise) => !isDone(progress, exercise));
}

/**
 * Progress by the ids that exercises have now. What is kept under an id that no exercise has belongs to one without
 * progress: the one in that folder, whose author gave it an id since, or the only one with the same name but for its number,
 * whose author moved it.
 */
export function followMoves(progress: Progress, exercises: readonly Exercise[]): Progress {
  const { entries } = progress;
  const ids = new Set(exercises.map(({ id }) => id));
  const left = [...entries.keys()].filter((id) => !ids.has(id));
  const open = exercises.filter(({ id }) => !entries.has(id));
  if (left.length === 0 || open.length === 0) return progress;
  // Its own folder is a surer sign than a name.
  const moves = new Map([...movesBy(left, open, nameWithoutNumber), ...movesBy(left, open, (path) => path)]);
  const moved = [...entries].map(([id, entry]): [string, ProgressEntry] => [moves.get(id) ?? id, entry]);
  return { ...progress, entries: new Map(moved) };
}

/** Ids that are left, each with that of the only exercise with the same key. */
function movesBy(
  left: readonly string[],
  open: readonly Exercise[],
  keyOf: (path: string) => string,
): [string, string][] {
  const olds = Map.groupBy(left, keyOf);
  const news = Map.groupBy(open, ({ module, name }) => keyOf(`${module}/${name}`));
  return [...olds].flatMap(([key, [from, ...others]]) => {
    const [to, ...rivals] = news.get(key) ?? [];
    const isOne = others.length === 0 && rivals.length === 0;
    return isOne && from !== undefined && to !== undefined ? [[from, to.id]] : [];
  });
}

/**
 * Changes what is known of one exercise and writes it. Reads the file again first, because another run may have written it.
 * Keys are sorted and every field has a line of its own, so that git merges two copies well.
 * @returns the progress as written; that of a newer progy unchanged.
 */
export async function changeProgress(
  folder: string,
  exercises: readonly Exercise[],
  { id }: Exercise,
  change: (entry: ProgressEntry) => ProgressEntry,
): Promise<Progress> {
  const before = followMoves(await readProgress(folder), exercises);
  if (before.state === 'newer') return before;
  if (before.state === 'unreadable') await rename(join(folder, PROGRESS_FILE), join(folder, SET_ASIDE));
  const entries = new Map(before.entries).set(id, change(before.entries.get(id) ?? {}));
  await writeWhole(join(folder, PROGRESS_FILE), textOf(before.document, entries));
  return { entries, state: 'sound', document: before.document };
}

/**
 * The text of the progress once exercises are known by other ids; undefined if that changes nothing.
 * @param ids old ones and new ones.
 */
export async function progressWithIds(folder: string, ids: ReadonlyMap<string, string>): Promise<string | undefined> {
  const { entries, state, document } = await readProgress(folder);
  if (state !== 'sound' || ![...entries.keys()].some((id) => ids.has(id))) return undefined;
  return textOf(document, new Map([...entries].map(([id, entry]) => [ids.get(id) ?? id, entry])));
}

/** An exercise's entry after its tests ran. The first success stays, whatever happens later. */
export function afterRun(entry: ProgressEntry, passed: boolean, now: Date): ProgressEntry {
  const { byHand, ...rest } = entry;
  if (entry.passedAt !== undefined && !(passed && byHand)) return entry;
  const attempts = (entry.attempts ?? 0) + 1;
  return { ...rest, attempts, ...(passed ? { passedAt: entry.passedAt ?? now.toISOString() } : {}) };
}

/** An exercise's entry after the student said that it is done. */
export function afterMark(entry: ProgressEntry, now: Date): ProgressEntry {
  return entry.passedAt === undefined ? { ...entry, byHand: true, passedAt: now.toISOString() } : entry;
}

/** An exercise's entry after the student said that it is not done. */
export function withoutMark({ passedAt, byHand, ...entry }: ProgressEntry): ProgressEntry {
  return entry;
}

function textOf(document: Progress['document'], entries: Progress['entries']): string {
  const whole = { ...document, progressVersion: VERSION, exercises: Object.fromEntries(sorted(entries)) };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function sorted(entries: ReadonlyMap<string, ProgressEntry>): [string, ProgressEntry][] {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, entry]) => [id, Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))]);
}

/** Readers see the old text or the new one, never a part. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(temporary, text);
  await rename(temporary, path);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
