import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import { heedLockfile } from '../../classroom/pinned-spec.ts';
import { parseCourseSpec } from '../../registry/spec.ts';
import { RecordedTalk } from '../helpers/context.ts';

const name = parsePackageName('@diego/rust');
const pinned = { name, version: '1.2.0', lockfile: '/class/package-lock.json', locks: [] };

for (const [typed, wanted, isPinned] of [
  ['@diego/rust', '1.2.0', true],
  ['@diego/rust@latest', '1.2.0', true],
  ['@diego/rust@beta', '1.2.0', true],
  ['@diego/rust@^1.0.0', '1.2.0', true],
  ['@diego/rust@1.2.0', '1.2.0', true],
  ['@diego/rust@1.3.0', '1.3.0', false],
] as const) {
  t.test(`${typed} beside a lockfile with 1.2.0 means ${wanted}`, async (t) => {
    const talk = new RecordedTalk();
    const heeded = heedLockfile(parseCourseSpec(typed), pinned, talk);
    t.match(heeded, { spec: { wanted, kind: 'version' }, ...(isPinned ? { pinned } : {}) });
    t.equal('pinned' in heeded, isPinned);
    t.equal(talk.warnings.length, isPinned ? 0 : 1, 'who types another version is told which wins');
    t.equal(talk.notes.length, isPinned ? 1 : 0);
  });
}

t.test('a range that does not allow what is pinned is refused, with both ways out', async (t) => {
  const heed = () => heedLockfile(parseCourseSpec('@diego/rust@^2.0.0'), pinned, new RecordedTalk());
  t.throws(heed, {
    code: 'LOCKFILE_AMBIGUOUS',
    message: 'package-lock.json pins @diego/rust 1.2.0, and ^2.0.0 does not allow that',
    next: /progy init @diego\/rust@1\.2\.0/,
  });
});

t.test('without a lockfile nothing changes', async (t) => {
  const spec = parseCourseSpec('@diego/rust@^2.0.0');
  t.same(heedLockfile(spec, undefined, new RecordedTalk()), { spec });
});
