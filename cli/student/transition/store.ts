// Owns where transitions of a course are kept: each in a folder of its own, with a copy of every file before and after.
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from '../../process-mark.ts';
import type { Plumbing } from '../plumbing.ts';
import { copyIndex, type Entry, entryIn, entrySchema } from './entry.ts';
import { gitStateOf, gitStateSchema } from './git-state.ts';

/** A course that changes, and where that is kept. */
export interface Place {
  /** Absolute path of the course. */
  readonly folder: string;
  /** Absolute path of the folder of transitions. */
  readonly store: string;
  /** Runs to its end, whatever the person presses. Undefined without a repository. */
  readonly plumbing: Plumbing | undefined;
}

const changeSchema = z.object({ path: z.string(), before: entrySchema, after: entrySchema });
const transitionSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  /** What it does, such as `Update @diego/rust 1.0.0 → 1.1.0`. */
  label: z.string(),
  changes: z.array(changeSchema),
  git: z.object({ before: gitStateSchema, after: gitStateSchema }).nullable(),
});

/** One path of a transition. */
export type Change = z.infer<typeof changeSchema>;
/** One change of a course from a state into another, with all that it takes to go there and back. */
export type Transition = z.infer<typeof transitionSchema>;

/** How many transitions are kept. */
const KEPT = 10;
const DOCUMENT = 'transition.json';
/** Ids sort by time, and end with the process that made them. */
const ID = /^\d{8}T\d{9}Z-(\d{1,10})$/;
const UNDER_WAY = '.new';

/** Reads a transition. @throws if it is not there or damaged. */
export async function readTransition({ store }: Place, id: string): Promise<Transition> {
  const folder = join(store, id);
  const found = transitionSchema.parse(JSON.parse(await readFile(join(folder, DOCUMENT), 'utf8')));
  return eachCopy(found, (name) => join(folder, name));
}

/** A transition in the making. Until it is finished, it counts for nothing. */
export class Draft {
  readonly id: string;
  readonly #place: Place;
  readonly #label: string;
  readonly #folder: string;
  readonly #changes = new Map<string, Change>();
  #copies = 0;

  private constructor(place: Place, label: string) {
    this.#place = place;
    this.#label = label;
    this.id = `${new Date().toISOString().replace(/[-:.]/g, '')}-${process.pid}`;
    this.#folder = join(place.store, this.id + UNDER_WAY);
  }

  private static async begin(place: Place, label: string): Promise<Draft> {
    const draft = new Draft(place, label);
    await mkdir(draft.#folder, { recursive: true });
    // A repository around the course, or a later one, is not for copies.
    if (place.plumbing === undefined) await writeFile(join(place.store, '.gitignore'), '*\n');
    return draft;
  }

  /** A draft of what paths will hold. */
  static async of(place: Place, label: string, files: Iterable<readonly [path: string, after: Entry]>): Promise<Draft> {
    const draft = await Draft.begin(place, label);
    for (const [path, after] of files) await draft.set(path, after);
    return draft;
  }

  /** Says what a path will hold. @param after its copy may be any file, which must not change until `finish`. */
  async set(path: string, after: Entry): Promise<void> {
    const before = await entryIn(this.#place.folder, path);
    this.#changes.set(path, { path, before: await this.#kept(before), after: await this.#kept(after) });
  }

  /** Copies an index of git's into the transition. Returns the path of the copy. */
  async keepIndex(path: string): Promise<string> {
    const copy = this.newCopy();
    await copyIndex(path, copy);
    return copy;
  }

  /** A new path for a file that belongs to the transition. */
  newCopy(): string {
    return join(this.#folder, String(this.#copies++));
  }

  /** Keeps it, with the state of the repository that it leads to. */
  async finish(gitAfter?: z.infer<typeof gitStateSchema>): Promise<Transition> {
    const { plumbing } = this.#place;
    const before = plumbing && (await gitStateOf(plumbing, this.newCopy()));
    const git = before && gitAfter ? { before, after: gitAfter } : null;
    const changes = [...this.#changes.values()];
    const transition: Transition = { version: 1, id: this.id, label: this.#label, changes, git };
    const document = eachCopy(transition, (path) => path.slice(this.#folder.length + 1));
    await writeFile(join(this.#folder, DOCUMENT), JSON.stringify(document));
    await rename(this.#folder, join(this.#place.store, this.id));
    return readTransition(this.#place, this.id);
  }

  /** Forgets it. */
  async drop(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #kept(entry: Entry): Promise<Entry> {
    if (entry?.kind !== 'file') return entry;
    const copy = this.newCopy();
    await copyFile(entry.copy, copy);
    return { ...entry, copy };
  }
}

/** Removes transitions that are too old, and what runs that were killed left. */
export async function removeOld({ store, plumbing }: Place): Promise<void> {
  const names = await readdir(store);
  for (const name of names.filter((name) => isLeft(name)))
    await rm(join(store, name), { recursive: true, force: true });
  const old = names
    .filter((name) => ID.test(name))
    .sort()
    .slice(0, -KEPT);
  for (const id of old) {
    await rm(join(store, id), { recursive: true, force: true });
    await plumbing?.run(['update-ref', '-d', backupRef(id)]);
  }
}

/** Keeps the commits of the time before a transition from being collected, and gives them a name. */
export function backupRef(id: string): string {
  return `refs/progy/backup/${id}`;
}

function isLeft(name: string): boolean {
  const pid = name.endsWith(UNDER_WAY) ? ID.exec(name.slice(0, -UNDER_WAY.length))?.[1] : undefined;
  return pid !== undefined && !isAlive(Number(pid));
}

/** The same transition, with other paths of its copies. */
function eachCopy(transition: Transition, renamed: (path: string) => string): Transition {
  const entry = (entry: Entry): Entry => (entry?.kind === 'file' ? { ...entry, copy: renamed(entry.copy) } : entry);
  const state = <T extends { index: string | null }>(state: T): T => ({
    ...state,
    index: state.index === null ? null : renamed(state.index),
  });
  const { changes, git } = transition;
  return {
    ...transition,
    changes: changes.map(({ path, before, after }) => ({ path, before: entry(before), after: entry(after) })),
    git: git && { before: state(git.before), after: state(git.after) },
  };
}
