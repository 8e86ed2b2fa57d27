// Owns `progy cache ls|verify|prune|clean`: the courses and answers that are kept on this computer.
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { type CacheEntry, cacheSize, listEntries } from '../cache/entries.ts';
import { courseAt } from '../cache/tarball-address.ts';
import { keepWithin, removeAll, type Tidied } from '../cache/tidy.ts';
import { type Verified, verifyCache } from '../cache/verify.ts';
import type { Action } from '../command.ts';
import type { Context } from '../context.ts';
import { cacheFolder, cacheLimit, parseSize } from '../registry/cache.ts';
import { count, formatMoment, formatSize } from '../terminal/format.ts';
import type { PruneOptions } from '../usage/cache.ts';

interface Listed {
  readonly folder: string;
  readonly courses: readonly CacheEntry[];
  /** Answers of registries. */
  readonly answers: number;
  /** Bytes of everything. */
  readonly size: number;
  /** Bytes. */
  readonly limit: number;
  readonly now: Date;
}

export const ls: Action<object, Listed> = {
  async run(_, context) {
    const folder = folderOf(context);
    const entries = await listEntries(folder);
    const courses = entries.filter(({ isTarball }) => isTarball);
    const [size, limit] = await Promise.all([cacheSize(folder), cacheLimit(context)]);
    return { folder, courses, answers: entries.length - courses.length, size, limit, now: new Date() };
  },
  views: {
    human: showList,
    json: ({ folder, courses, answers, size, limit }) => ({
      folder,
      courses: courses.map(describeEntry),
      answers,
      size,
      limit,
    }),
  },
};

export const verify: Action<object, Verified> = {
  run: (_, context) => context.talk.during('Checking the cache', () => verifyCache(folderOf(context))),
  views: {
    human: ({ sound, damaged, leftovers, freed }) =>
      [
        `${count(sound, 'file')} in order`,
        ...damaged.map(({ url }) => `  damaged, and removed: ${escapeControls(url)}`),
        ...(leftovers > 0 ? [`  ${count(leftovers, 'leftover file')} removed`] : []),
        ...(freed > 0 ? [`  ${formatSize(freed)} freed`] : []),
      ].join('\n'),
    json: ({ sound, damaged, leftovers, freed }) => ({
      sound,
      damaged: damaged.map(({ url }) => url),
      leftovers,
      freed,
    }),
  },
};

export const prune: Action<PruneOptions, Tidied> = {
  async run({ to }, context) {
    return keepWithin(folderOf(context), to === undefined ? await cacheLimit(context) : parseSize(to));
  },
  views: { human: showTidied, json: (result) => result },
};

export const clean: Action<object, Tidied> = {
  run: (_, context) => removeAll(folderOf(context)),
  views: { human: showTidied, json: (result) => result },
};

function folderOf({ env, home }: Context): string {
  return cacheFolder(process.platform, env, home);
}

function showTidied({ removed, freed, size }: Tidied): string {
  const done = removed === 0 ? 'Nothing to remove' : `${count(removed, 'file')} removed, ${formatSize(freed)} freed`;
  return `${done}. The cache holds ${formatSize(size)}.`;
}

function describeEntry({ url, integrity, size, usedAt }: CacheEntry) {
  return { ...courseAt(url), url, integrity, size: size ?? null, usedAt: usedAt.toISOString() };
}

/** Two lines a course, so that they fit into narrow windows. */
function showList({ folder, courses, answers, size, limit, now }: Listed): string {
  return [
    ...courses.flatMap(({ url, size: bytes, usedAt }) => {
      const { name, version, registry } = courseAt(url);
      const facts = [formatSize(bytes ?? 0), `used ${formatMoment(usedAt, now)}`, registry].join(' · ');
      return [escapeControls(`${name} ${version}`), `  ${escapeControls(facts)}`];
    }),
    ...(courses.length > 0 ? [''] : []),
    `${count(courses.length, 'course')} and ${count(answers, 'answer')},`,
    `${formatSize(size)} of ${formatSize(limit)}`,
    `  in ${escapeControls(folder)}`,
  ].join('\n');
}
