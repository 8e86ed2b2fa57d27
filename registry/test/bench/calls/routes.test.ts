// The calls table: how often each route asks D1 and R2, and how many of those calls wait for each other.
import t from 'tap';
import { type RequestCalls, startCountedRegistry } from '../../../bench/calls/counted-registry.ts';
import { countRoutes } from '../../../bench/calls/routes.ts';

/** Of a course that nobody has read yet. Less is progress, and is written here; more needs a reason. */
const CALLS: Record<string, string> = {
  'publish, npm door': '12 in turn: 9 D1, 3 R2',
  'publish, progy door': '14 in turn: 7 D1, 7 R2',
  packument: '1 in turn: 1 D1, 0 R2',
  'packument, abbreviated': '1 in turn: 1 D1, 0 R2',
  'packument, signed in': '1 in turn: 1 D1, 0 R2',
  'manifest of a version': '1 in turn: 1 D1, 0 R2',
  'manifest of a tag': '1 in turn: 1 D1, 0 R2',
  '404': '2 in turn: 2 D1, 0 R2',
  tarball: '2 in turn: 1 D1, 1 R2; later 1 D1',
  'download, .progy': '2 in turn: 1 D1, 1 R2; later 1 D1',
  resolve: '1 in turn: 1 D1, 0 R2',
  search: '1 in turn: 1 D1, 0 R2',
  ping: '0 in turn: 0 D1, 0 R2',
};

function tell({ before, after }: RequestCalls): string {
  const later = after.d1 + after.r2 === 0 ? '' : `; later ${after.d1} D1${after.r2 === 0 ? '' : `, ${after.r2} R2`}`;
  return `${before.inTurn} in turn: ${before.d1} D1, ${before.r2} R2${later}`;
}

t.test('every route asks D1 and R2 as often as the table says', async (t) => {
  const registry = await startCountedRegistry();
  t.teardown(() => registry.stop());
  const counted = await countRoutes(registry);
  t.same(Object.fromEntries(counted.map(({ route, first }) => [route, tell(first)])), CALLS);
});
