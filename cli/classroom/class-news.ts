// Owns what is new in a version of a course, for the teacher who is about to move a class to it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { compareVersions } from '@progy/protocol/course/version.ts';
import { courseInfoSchema } from '@progy/protocol/wire/course-info.ts';
import { resolutionSchema } from '@progy/protocol/wire/resolution.ts';
import { infoPath, resolvePath } from '@progy/protocol/wire/urls.ts';
import type { RegistryClient } from '../registry/client.ts';

export interface CourseNews {
  /** What its instructor wrote about each version on the way, newest first. */
  readonly changelogs: readonly { readonly version: string; readonly text: string }[];
  /** `module/exercise`, as far as the registry lists them. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Compares two versions of a course. @throws what asking the registry throws. */
export async function newsBetween(
  client: RegistryClient,
  name: PackageName,
  from: string,
  to: string,
): Promise<CourseNews> {
  const { artifacts } = await client.read(resolvePath(name), resolutionSchema);
  const onTheWay = Object.keys(artifacts).filter((version) => isBetween(version, from, to));
  const changelogs = onTheWay
    .sort((one, other) => compareVersions(other, one))
    .flatMap((version) => {
      const text = artifacts[version]?.changelog ?? '';
      return text === '' ? [] : [{ version, text }];
    });
  const [before, after] = await Promise.all([from, to].map((version) => exercisesOf(client, name, version)));
  return { changelogs, added: missingIn(before, after), removed: missingIn(after, before) };
}

/** After `from`, up to and with `to`. */
function isBetween(version: string, from: string, to: string): boolean {
  return compareVersions(version, from) > 0 && compareVersions(version, to) <= 0;
}

async function exercisesOf(client: RegistryClient, name: PackageName, version: string): Promise<string[]> {
  const { outline } = await client.read(infoPath(name, version), courseInfoSchema);
  return (outline?.modules ?? []).flatMap(({ id, exercises }) => exercises.map((exercise) => `${id}/${exercise.id}`));
}

function missingIn(these: readonly string[] = [], those: readonly string[] = []): string[] {
  const known = new Set(these);
  return those.filter((exercise) => !known.has(exercise));
}
