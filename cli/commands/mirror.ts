// Owns `progy mirror`: copies of courses for a room without internet.
import { relative, resolve } from 'node:path';
import { type MirroredCourse, writeMirror } from '../classroom/mirror/write-mirror.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseRegistry, parseRegistryUrl } from '../registry/choice.ts';
import { parseCourseSpec } from '../registry/spec.ts';
import { shellWord } from '../terminal/format.ts';
import type { MirrorOptions } from '../usage/mirror.ts';

export interface MirrorResult {
  readonly courses: readonly MirroredCourse[];
  /** Absolute. */
  readonly path: string;
  /** Relative to the working folder. */
  readonly shownPath: string;
  readonly registry: string;
}

export async function run(options: MirrorOptions, context: Context): Promise<MirrorResult> {
  const specs = options.courses.map(parseCourseSpec);
  const folder = resolve(context.cwd, options.output);
  const registry = await chooseRegistry(context, options.registry, specs[0]?.name.scope);
  const url = new URL(parseRegistryUrl(options.url)).origin;
  const request = { specs, registry, folder, url };
  const courses = await context.talk.during('Copying', () => writeMirror(request, context));
  if (courses.length === specs.length)
    context.talk.warn(`${registry.label} does not offer progy itself, so students need to have it already.`);
  return { courses, path: folder, shownPath: relative(context.cwd, folder), registry: registry.label };
}

export const usesCache = true;

export const views: Views<MirrorResult> = {
  human: ({ courses, shownPath, registry }) => {
    const folder = shellWord(shownPath === '' ? '.' : shownPath);
    return [
      `${folder} is a mirror of ${registry}`,
      ...courses.map(({ name, version }) => `  ${name} ${version}`),
      '',
      `Next: progy serve ${folder} --host 0.0.0.0`,
    ].join('\n');
  },
  json: ({ courses, path, registry }) => ({ courses, path, registry }),
};
