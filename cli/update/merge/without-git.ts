// Owns merging a new version of a course into a student's work where there is no repository, file by file.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { merge } from 'node-diff3';
import { type Entry, entryAt, entryIn } from '../../student/transition/entry.ts';
import type { Pristine } from '../pristine.ts';
import { type ExerciseChanges, movedPaths } from './exercise-moves.ts';
import { isSameText, isText, lineEndsOf, withLineEnds } from './line-ends.ts';
import {
  type Conflict,
  type ConflictKind,
  type KeptBoth,
  labelOfCourse,
  type Merged,
  pathBeside,
  YOURS,
} from './merged.ts';

/** Comparing takes time in proportion to the square of what differs: of this much, a second or two at worst. */
const MAX_MERGED_BYTES = 512 * 1024;

interface Sides {
  readonly base: Pristine;
  readonly next: Pristine;
  readonly renamed: ExerciseChanges['renamed'];
}

/**
 * Merges what the course has, and changes nothing. Files that are only the student's are not looked at.
 * @param folder absolute path of the course.
 * @param temporary absolute path of a folder for this alone.
 */
export async function mergeWithoutGit(folder: string, sides: Sides, temporary: string): Promise<Merged> {
  const merging = new Merging(folder, sides, temporary);
  await merging.mergeAll();
  return merging;
}

class Merging implements Merged {
  readonly files = new Map<string, Entry>();
  readonly conflicts: Conflict[] = [];
  readonly keptBoth: KeptBoth[] = [];
  readonly #folder: string;
  readonly #sides: Sides;
  readonly #temporary: string;
  #copies = 0;

  constructor(folder: string, sides: Sides, temporary: string) {
    this.#folder = folder;
    this.#sides = sides;
    this.#temporary = temporary;
  }

  async mergeAll(): Promise<void> {
    const { base, next, renamed } = this.#sides;
    const there = new Set(next.files.map(({ path }) => path));
    const moves = new Map(
      [
        ...movedPaths(
          base.files.map(({ path }) => path),
          renamed,
        ),
      ].filter(([, to]) => there.has(to)),
    );
    for (const { path } of base.files) await this.#merge(path, moves.get(path) ?? path, there);
    const seen = new Set([...base.files.map(({ path }) => path), ...moves.values()]);
    for (const path of there) if (!seen.has(path)) await this.#merge(undefined, path, there);
  }

  /** Merges one file of the course, which its author may have moved. */
  async #merge(from: string | undefined, to: string, there: ReadonlySet<string>): Promise<void> {
    const { base, next } = this.#sides;
    const old = from === undefined ? undefined : await contentAt(base.folder, from);
    const come = there.has(to) ? await contentAt(next.folder, to) : undefined;
    const place = await this.#placeOf(from, to);
    const mine = await contentAt(this.#folder, place);
    if (place !== to && mine !== undefined) await this.#move(place, to);
    await this.#decide({ path: to, old, come, mine });
  }

  /** Where the student has the file: still in the old place, unless they have something in the new one. */
  async #placeOf(from: string | undefined, to: string): Promise<string> {
    if (from === undefined || from === to) return to;
    return (await entryIn(this.#folder, to)) === null ? from : to;
  }

  async #move(from: string, to: string): Promise<void> {
    this.files.set(to, await entryIn(this.#folder, from));
    this.files.set(from, null);
  }

  async #decide({ path, old, come, mine }: Versions): Promise<void> {
    if (isSame(come, mine) || isSame(old, come)) return;
    if (isSame(old, mine)) return this.#take(path, come, mine);
    if (mine === undefined) return this.#conflict(path, 'removed-by-you', () => this.#take(path, come, mine));
    if (come === undefined) return this.#conflict(path, 'removed-by-course');
    const isMergeable = [old ?? come, come, mine].every(
      (content) => isText(content) && content.length <= MAX_MERGED_BYTES,
    );
    if (isMergeable) await this.#mergeTexts({ path, old, come, mine });
    else await this.#keepBoth(path, come);
  }

  async #conflict(path: string, kind: ConflictKind, then?: () => Promise<void>): Promise<void> {
    this.conflicts.push({ path, kind });
    await then?.();
  }

  async #take(path: string, come: Buffer | undefined, mine: Buffer | undefined): Promise<void> {
    if (come === undefined) this.files.set(path, null);
    else await this.#set(path, withLineEnds(come, mine && lineEndsOf(mine)));
  }

  async #mergeTexts({ path, old, come, mine }: Versions & { come: Buffer; mine: Buffer }): Promise<void> {
    const wanted = lineEndsOf(mine);
    const lines = (bytes: Buffer) => withLineEnds(bytes, wanted).toString('latin1').split('\n');
    const label = { a: YOURS, b: labelOfCourse(this.#sides.next.version) };
    const { conflict, result } = merge(lines(mine), old === undefined ? [] : lines(old), lines(come), { label });
    if (conflict) this.conflicts.push({ path, kind: old === undefined ? 'both-added' : 'both-changed' });
    await this.#set(path, Buffer.from(result.join('\n'), 'latin1'));
  }

  async #keepBoth(path: string, come: Buffer): Promise<void> {
    const taken = new Set(this.#sides.next.files.map((file) => file.path));
    const beside = pathBeside(path, this.#sides.next.version, (other) => taken.has(other) || this.files.has(other));
    await this.#set(beside, come);
    this.keptBoth.push({ path, beside });
  }

  /** Executable as the student has it; a new file, as the course has it. */
  async #set(path: string, content: Buffer): Promise<void> {
    const copy = join(this.#temporary, String(this.#copies++));
    await writeFile(copy, content);
    const there = this.files.get(path) ?? (await entryIn(this.#folder, path));
    const published = await entryAt(join(this.#sides.next.folder, path));
    const mode = [there, published].find((entry) => entry?.kind === 'file')?.mode ?? 0o644;
    this.files.set(path, { kind: 'file', mode, copy });
  }
}

interface Versions {
  readonly path: string;
  readonly old: Buffer | undefined;
  readonly come: Buffer | undefined;
  readonly mine: Buffer | undefined;
}

async function contentAt(folder: string, path: string): Promise<Buffer | undefined> {
  const entry = await entryIn(folder, path);
  return entry?.kind === 'file' ? readFile(entry.copy) : undefined;
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSameText(one, other);
}
