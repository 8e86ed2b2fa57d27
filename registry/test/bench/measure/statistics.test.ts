// The arithmetic of measurements.
import t from 'tap';
import { median, pairedRatio, rotated } from '../../../bench/measure/statistics.ts';

t.test('the median is the middle, or the mean of the two in the middle', async (t) => {
  t.equal(median([9]), 9);
  t.equal(median([10, 9, 1]), 9, 'by size, not by text');
  t.equal(median([4, 1, 3, 2]), 2.5);
  t.ok(Number.isNaN(median([])), 'of nothing there is none');
});

t.test('the median leaves the list as it was', async (t) => {
  const list = [3, 1, 2];
  median(list);
  t.same(list, [3, 1, 2]);
});

t.test('a round that is slow for both does not change their ratio', async (t) => {
  t.equal(pairedRatio([200, 20, 200], [100, 10, 100]), 2);
  t.equal(pairedRatio([200, 20], [100, 10, 1]), 2, 'a round that only one has does not count');
  t.ok(Number.isNaN(pairedRatio([], [1])));
});

t.test('each round begins with the next of them', async (t) => {
  t.same(rotated(['a', 'b', 'c'], 0), ['a', 'b', 'c']);
  t.same(rotated(['a', 'b', 'c'], 1), ['b', 'c', 'a']);
  t.same(rotated(['a', 'b', 'c'], 5), ['c', 'a', 'b']);
  t.same(rotated([], 3), []);
});
