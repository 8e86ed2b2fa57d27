// Owns the copy of a packument in a mirror: only the versions that are there.
import { compareVersions, isPrerelease, type Version } from '@progy/protocol/course/version.ts';
import * as z from 'zod';

/** As far as a mirror changes it; everything else passes through. */
export const packumentSchema = z.looseObject({
  name: z.string(),
  'dist-tags': z.record(z.string(), z.string()),
  versions: z.record(
    z.string(),
    z.looseObject({ dist: z.looseObject({ tarball: z.string(), integrity: z.string() }) }),
  ),
  time: z.record(z.string(), z.string()).default({}),
});

export type CopiedPackument = z.output<typeof packumentSchema>;

/** npm's fields of a manifest in the abbreviated form, as far as courses have them. */
const ABBREVIATED = ['name', 'version', 'dist', 'bin', 'engines', 'deprecated', 'yanked', 'progy'];

/** A packument with only some versions. Tags of others are left out; `latest` moves to the highest that is there. */
export function onlyVersions(packument: CopiedPackument, kept: ReadonlySet<string>): CopiedPackument {
  const isKept = ([version]: readonly [string, unknown]) => kept.has(version);
  const tags = Object.entries(packument['dist-tags']).filter(([, version]) => kept.has(version));
  const isAboutAll = ([key]: readonly [string, unknown]) => key === 'created' || key === 'modified';
  return {
    ...packument,
    'dist-tags': { latest: latestOf([...kept]), ...Object.fromEntries(tags) },
    versions: Object.fromEntries(Object.entries(packument.versions).filter(isKept)),
    time: Object.fromEntries(Object.entries(packument.time).filter((entry) => isKept(entry) || isAboutAll(entry))),
  };
}

function latestOf(versions: readonly string[]): string {
  const sorted = versions.toSorted(compareVersions);
  return sorted.findLast((version) => !isPrerelease(version as Version)) ?? sorted.at(-1) ?? '';
}

/** The abbreviated form of a packument. */
export function abbreviated({ name, versions, time, ...rest }: CopiedPackument): object {
  const manifests = Object.entries(versions).map(([version, manifest]) => {
    const fields = Object.entries(manifest).filter(([field]) => ABBREVIATED.includes(field));
    return [version, Object.fromEntries(fields)];
  });
  return {
    name,
    modified: time.modified,
    'dist-tags': rest['dist-tags'],
    versions: Object.fromEntries(manifests),
    time,
  };
}
