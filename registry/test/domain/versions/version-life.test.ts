// The life of versions: these invariants hold for any changes, in any order and at the same time.
import type { Packument } from '@progy/protocol/wire/packument.ts';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Answer, openRegistry } from '../../harness.ts';
import { type Course, deprecated, openCourses } from '../../helpers/lifecycle.ts';

const registry = await openRegistry(t);
const newCourse = await openCourses(registry);

const VERSIONS = ['1.0.0', '1.1.0', '2.0.0', '2.1.0-beta.1', '2.1.0-beta.2'] as const;
const KINDS = ['publish', 'publish', 'yank', 'unyank', 'unpublish', 'deprecate', 'fall', 'latest'] as const;

interface Act {
  kind: (typeof KINDS)[number];
  version: string;
}

const act = fc.record({ kind: fc.constantFrom(...KINDS), version: fc.constantFrom(...VERSIONS) });
/** What happens at the same time, again and again. */
const lives = fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });

async function perform(course: Course, { kind, version }: Act): Promise<Answer> {
  if (kind === 'publish') return course.publish(version, version.includes('-') ? 'next' : undefined);
  if (kind === 'yank') return course.yank(version, 'why');
  if (kind === 'unyank') return course.unyank(version);
  if (kind === 'fall' || kind === 'latest') return course.tag(kind, version);
  const packument = (await seen(course)) ?? { _rev: '0-0', versions: {} };
  return kind === 'unpublish'
    ? course.putWithout(packument as Packument, version)
    : course.put(deprecated(packument as Packument, [version], 'old'));
}

/** Every answer is one of the table's, and none is a failure. */
function isSensible({ status }: Answer): boolean {
  return [200, 201, 400, 403, 404, 409].includes(status);
}

/** What readers see: the packument, or undefined for a course without a version. */
async function seen({ name }: Course): Promise<Packument | undefined> {
  const { status, body } = await registry.json(`/${name.full}`);
  return status === 200 ? (body as unknown as Packument) : undefined;
}

function brokenRules(packument: Packument): string[] {
  const { versions } = packument;
  const tags = Object.entries(packument['dist-tags']);
  const allYanked = Object.values(versions).every(({ yanked }) => yanked !== undefined);
  return [
    ...(Object.keys(versions).length === 0 ? ['a course is there without a version'] : []),
    ...(tags.some(([tag]) => tag === 'latest') ? [] : ['latest is missing']),
    ...tags.flatMap(([tag, version]) => {
      const named = versions[version];
      if (named === undefined) return [`${tag} names ${version}, which is gone`];
      const mayBeYanked = tag === 'latest' && allYanked;
      return named.yanked !== undefined && !mayBeYanked ? [`${tag} names ${version}, which is yanked`] : [];
    }),
  ];
}

/** Checks the rules throughout a life; names those that do not hold. */
async function holds(t: Test, course: Course, life: readonly (readonly Act[])[]): Promise<boolean> {
  const published: string[] = [];
  for (const acts of life) {
    const answers = await Promise.all(acts.map((each) => perform(course, each)));
    const strange = answers
      .filter((answer) => !isSensible(answer))
      .map(({ status, body }) => `${status} ${body.error}`);
    published.push(...acts.filter(({ kind }, i) => kind === 'publish' && answers[i]?.status === 201).map(versionOf));
    const again = published.length > new Set(published).size ? ['a number is used twice'] : [];
    const packument = await seen(course);
    const broken = [...strange, ...again, ...(packument === undefined ? [] : brokenRules(packument))];
    if (broken.length > 0) t.comment(broken.join('; '));
    if (broken.length > 0) return false;
  }
  return true;
}

function versionOf({ version }: Act): string {
  return version;
}

t.test(
  'latest is there as long as a version is, no tag names what is gone or hidden, no number is used twice',
  async (t) => {
    const property = fc.asyncProperty(lives, async (life) => holds(t, await newCourse(), life));
    await t.resolves(fc.assert(property, { numRuns: 25 }));
  },
);
