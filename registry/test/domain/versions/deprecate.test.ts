// Deprecations: the changes in a packument sent back, compared with what readers see.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import type { PackageStates, VersionState } from '../../../database/versions/version-states.ts';
import type { Actor } from '../../../domain/rights/actor.ts';
import { planDeprecations, type SentDeprecations } from '../../../domain/versions/deprecate.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const ACTOR: Actor = {
  id: 'diego',
  username: 'diego',
  limits: { readonly: false, cidrs: null, courses: null },
  tokenId: undefined,
  isAdmin: false,
};

/** 1.0.0 is as it was, 1.1.0 deprecated, 1.2.0 yanked, 1.3.0 both. */
const VERSIONS = [
  stateOf('1.0.0', null, null),
  stateOf('1.1.0', 'old', null),
  stateOf('1.2.0', null, 'broken'),
  stateOf('1.3.0', 'old', ''),
];

function stateOf(version: string, deprecated: string | null, yanked: string | null): VersionState {
  return { id: version, version, latestRank: '1', deprecated, yanked, createdAt: NOW };
}

const STATES: PackageStates = {
  name: parsePackageName('@diego/rust'),
  package: {} as PackageStates['package'],
  distTags: {},
  versions: VERSIONS,
};

function plan(versions: Record<string, string | undefined>, rev: string | undefined) {
  const sent: SentDeprecations = { rev, versions: new Map(Object.entries(versions)) };
  return planDeprecations(ACTOR, STATES, sent, NOW);
}

/** As the packument shows them. */
const SHOWN = { '1.0.0': undefined, '1.1.0': 'old', '1.2.0': 'yanked: broken', '1.3.0': 'yanked' };

t.test('what differs from what is shown is what is meant', async (t) => {
  type Changes = Record<string, string | null>;
  const table: [title: string, sent: Record<string, string | undefined>, rev: string | undefined, changes: Changes][] =
    [
      ['nothing differs', SHOWN, '1-a', {}],
      ['a message', { ...SHOWN, '1.0.0': 'use 2' }, '1-a', { '1.0.0': 'use 2' }],
      ['another message', { ...SHOWN, '1.1.0': 'older' }, '1-a', { '1.1.0': 'older' }],
      ['the same for several', { ...SHOWN, '1.0.0': 'use 2', '1.1.0': 'use 2' }, '1-a', { '1.0.0,1.1.0': 'use 2' }],
      ['taken back with an empty text', { ...SHOWN, '1.1.0': '' }, '1-a', { '1.1.0': null }],
      ['taken back by leaving it out', { ...SHOWN, '1.1.0': undefined }, '1-a', { '1.1.0': null }],
      ['left out by who knows no packument', { '1.1.0': undefined }, undefined, {}],
      ['an empty text for what has no message', { ...SHOWN, '1.0.0': '' }, '1-a', {}],
      ['a version that is not sent', { '1.0.0': 'use 2' }, '1-a', { '1.0.0': 'use 2' }],
      ['a version that is not there', { ...SHOWN, '9.9.9': 'use 2' }, '1-a', {}],
      ['a message for what is yanked', { ...SHOWN, '1.2.0': 'use 2' }, '1-a', { '1.2.0': 'use 2' }],
      ['more white space', { ...SHOWN, '1.0.0': ' use\n 2 ' }, '1-a', { '1.0.0': 'use 2' }],
    ];
  for (const [title, sent, rev, changes] of table) {
    const planned = plan(sent, rev);
    const found = (planned?.changes ?? []).map(({ ids, state }) => [ids.join(','), state.deprecated]);
    t.same(Object.fromEntries(found), changes, title);
    t.equal(planned?.entries.length ?? 0, Object.keys(changes).length, `${title}: a row in the log for each message`);
    t.same(planned?.moves ?? [], [], `${title}: no tag moves`);
  }
});

t.test('the log says what was before and what is after', async (t) => {
  t.match(plan({ ...SHOWN, '1.1.0': 'older' }, '1-a')?.entries, [
    {
      actor: ACTOR,
      action: 'deprecate',
      subject: '@diego/rust',
      version: '1.1.0',
      before: { deprecated: { '1.1.0': 'old' } },
      after: { deprecated: 'older', versions: ['1.1.0'] },
      at: NOW,
    },
  ]);
  t.match(plan({ ...SHOWN, '1.1.0': '' }, '1-a')?.entries, [{ action: 'undeprecate', after: { deprecated: null } }]);
});

t.test('what cannot be done is refused', async (t) => {
  const invalid = (message: RegExp) => ({ code: 'INVALID_REQUEST', message });
  t.throws(() => plan({ ...SHOWN, '1.2.0': '' }, '1-a'), invalid(/is yanked, not only deprecated/));
  t.throws(
    () => plan({ ...SHOWN, '1.0.0': 'x'.repeat(501) }, '1-a'),
    invalid(/at most 500 characters; this one has 501/),
  );
  const many = Array.from({ length: 21 }, (_, i) => stateOf(`1.0.${i}`, null, null));
  const versions = new Map(many.map(({ version }) => [version, `message of ${version}`]));
  const deprecating = (count: number) => () =>
    planDeprecations(ACTOR, { ...STATES, versions: many.slice(0, count) }, { rev: '1-a', versions }, NOW);
  t.doesNotThrow(deprecating(20));
  t.throws(deprecating(21), invalid(/At most 20 different messages at once/));
});
