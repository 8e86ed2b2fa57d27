// Changing published versions: a decision from an outdated state changes nothing at all.
import t from 'tap';
import { isStale } from '../../../database/course-lock.ts';
import { openDatabase } from '../../../database/database.ts';
import { changeStates, findStates, type PackageStates } from '../../../database/versions/version-states.ts';
import { openRegistry } from '../../harness.ts';
import { openCourses } from '../../helpers/lifecycle.ts';

const registry = await openRegistry(t);
const newCourse = await openCourses(registry);
const db = openDatabase(registry.env.DB);

/** Deprecates, moves a tag and logs, as one decision from the state that was read. */
function change(seen: PackageStates, message: string): Promise<void> {
  const [first] = seen.versions;
  const plan = {
    changes: [{ ids: [String(first?.id)], state: { deprecated: message } }],
    moves: [{ tag: 'fall', versionId: first?.id }],
    entries: [{ actor: null, action: 'deprecate', subject: seen.name.full, after: message, at: new Date() } as const],
  };
  return changeStates(db, seen, [plan], new Date());
}

t.test('of two who decide on the same states the first wins; of the second nothing is left', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  const seen = await findStates(db, course.name);
  if (seen === undefined) throw new Error('The course is there');
  await change(seen, 'first');
  const error = await change(seen, 'second').then(
    () => undefined,
    (reason) => reason,
  );
  t.ok(isStale(error), String(error));
  const now = await findStates(db, course.name);
  t.match(now, { package: { rev: seen.package.rev + 1 }, distTags: { fall: '1.0.0', latest: '1.1.0' } });
  t.equal(now?.versions[0]?.deprecated, 'first');
  t.same(
    (await course.audited()).map(({ after }) => after),
    ['first'],
  );
});

t.test('whatever changes a course makes a decision stale: a publish, a tag, a yank', async (t) => {
  const course = await newCourse('1.0.0', '1.1.0');
  for (const [what, act] of Object.entries({
    publish: () => course.publish('1.2.0'),
    tag: () => course.tag('spring', '1.0.0'),
    yank: () => course.yank('1.1.0'),
  })) {
    const seen = await findStates(db, course.name);
    if (seen === undefined) throw new Error('The course is there');
    await act();
    t.ok(await change(seen, what).then(() => false, isStale), what);
  }
});
