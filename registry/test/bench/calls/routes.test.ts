// The calls table: how often each route asks D1 and R2, and how many of those calls wait for each other.
import t from 'tap';
import { type RequestCalls, startCountedRegistry } from '../../../bench/calls/counted-registry.ts';
import { countRoutes } from '../../../bench/calls/routes.ts';

/** Of a course that nobody has read yet. Less is progress, and is written here; more needs a reason. */
const CALLS: Record<string, string> = {
  'publish, npm door': '4 in turn: 3 D1, 2 R2',
  'publish, progy door': '4 in turn: 3 D1, 2 R2',
  packument: '1 in turn: 1 D1, 0 R2',
  'packument, abbreviated': '1 in turn: 1 D1, 0 R2',
  'packument, signed in': '1 in turn: 1 D1, 0 R2',
  'manifest of a version': '1 in turn: 1 D1, 0 R2',
  'manifest of a tag': '1 in turn: 1 D1, 0 R2',
  '404': '1 in turn: 1 D1, 0 R2',
  tarball: '2 in turn: 1 D1, 1 R2',
  'download, .progy': '2 in turn: 1 D1, 1 R2',
  resolve: '1 in turn: 1 D1, 0 R2',
  search: '1 in turn: 1 D1, 0 R2',
  ping: '0 in turn: 0 D1, 0 R2',
};

function tell({ before }: RequestCalls): string {
  return `${before.inTurn} in turn: ${before.d1} D1, ${before.r2} R2`;
}

t.test('every route asks D1 and R2 as often as the table says', async (t) => {
  const registry = await startCountedRegistry();
  t.teardown(() => registry.stop());
  const counted = await countRoutes(registry);
  t.same(Object.fromEntries(counted.map(({ route, first }) => [route, tell(first)])), CALLS);
});
