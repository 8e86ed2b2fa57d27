// Unpublishing: its time limit, and the tags that named the version.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import type { PackageStates, VersionState } from '../../../database/versions/version-states.ts';
import { type Actor, UNLIMITED } from '../../../domain/rights/actor.ts';
import { planUnpublish } from '../../../domain/versions/unpublish.ts';

const HOUR_MS = 3_600_000;
const PUBLISHED = new Date('2026-11-20T12:00:00Z');
const ACTOR: Actor = { id: 'diego', username: 'diego', limits: UNLIMITED, tokenId: undefined, isAdmin: false };

function stateOf(version: string, hoursLater = 0): VersionState {
  const createdAt = new Date(PUBLISHED.getTime() + hoursLater * HOUR_MS);
  return { id: version, version, latestRank: '1', deprecated: null, yanked: null, createdAt };
}

const STATES: PackageStates = {
  name: parsePackageName('@diego/rust'),
  package: {} as PackageStates['package'],
  distTags: { latest: '1.1.0', fall: '1.1.0' },
  versions: [stateOf('1.0.0'), stateOf('1.1.0', 1)],
};

const after = (ms: number) => new Date(PUBLISHED.getTime() + ms);

t.test('a version can be taken back for 72 hours, and not a moment longer', async (t) => {
  const [first] = STATES.versions;
  const gone = first === undefined ? [] : [first];
  for (const ms of [0, 71 * HOUR_MS, 72 * HOUR_MS])
    t.same(
      planUnpublish(ACTOR, STATES, gone, after(ms)).changes,
      [{ ids: ['1.0.0'], state: { unpublishedAt: after(ms) } }],
      `${ms / HOUR_MS} hours later`,
    );
  t.throws(() => planUnpublish(ACTOR, STATES, gone, after(72 * HOUR_MS + 1)), {
    code: 'FORBIDDEN',
    message: /was published more than 72 hours ago .* npm deprecate @diego\/rust@1\.0\.0 "why"/,
    evidence: { versions: ['1.0.0'], hours: 72 },
  });
});

t.test('of a whole course one version that is too old keeps all', async (t) => {
  t.throws(() => planUnpublish(ACTOR, STATES, STATES.versions, after(72.5 * HOUR_MS)), {
    code: 'FORBIDDEN',
    message: /npm deprecate @diego\/rust@\* "why"/,
    evidence: { versions: ['1.0.0'] },
  });
});

t.test('tags that named what is gone go to what is left, and the log says from where', async (t) => {
  const gone = STATES.versions.filter(({ version }) => version === '1.1.0');
  const plan = planUnpublish(ACTOR, STATES, gone, after(HOUR_MS));
  t.same(plan.moves, [
    { tag: 'latest', versionId: '1.0.0' },
    { tag: 'fall', versionId: undefined },
  ]);
  t.match(plan.entries, [
    {
      action: 'unpublish',
      version: '1.1.0',
      before: { versions: ['1.1.0'], distTags: STATES.distTags },
      after: { distTags: { latest: '1.0.0' } },
    },
  ]);
});
