// The speed goals, checked against measurements.
import t from 'tap';
import { comparedWith, GOALS, type Goal, judge } from '../../bench/goals.ts';
import { type Results, record } from '../../bench/measure/results.ts';
import type { TargetName } from '../../bench/targets/target.ts';
import { publishScenarios, readScenarios } from '../../bench/work/scenarios.ts';

/** Rates in answers a second, one a round; the median time of each is as long as its share of a second. */
function resultsOf(rates: Record<string, Partial<Record<TargetName, readonly number[]>>>): Results {
  const results: Results = new Map();
  for (const [scenario, ofTargets] of Object.entries(rates)) {
    for (const target of Object.keys(ofTargets) as TargetName[]) {
      for (const rate of ofTargets[target] ?? []) {
        record(results, scenario, target, { rate, time: 1_000 / rate, p50: 1_000 / rate, bytes: rate });
      }
    }
  }
  return results;
}

function judged(rates: Parameters<typeof resultsOf>[0], goal: Goal) {
  const [judgement] = judge(resultsOf(rates), [goal]);
  return [judgement?.ratio, judgement?.holds];
}

t.test('a rate has to be so many times the rate of another', async (t) => {
  const goal: Goal = { scenario: 'a', measure: 'rate', than: 'bare', bound: { atLeast: 2 } };
  t.same(judged({ a: { ours: [20], bare: [10] } }, goal), [2, true], 'the bound itself holds');
  t.same(judged({ a: { ours: [19], bare: [10] } }, goal), [1.9, false]);
});

t.test('a time may be so many times the time of another', async (t) => {
  const goal: Goal = { scenario: 'a', measure: 'time', than: 'floor', bound: { atMost: 2 } };
  t.same(judged({ a: { ours: [5], floor: [10] } }, goal), [2, true]);
  t.same(judged({ a: { ours: [4], floor: [10] } }, goal), [2.5, false]);
});

t.test('it is the ratio of each round that counts, not of the medians', async (t) => {
  const goal: Goal = { scenario: 'a', measure: 'rate', than: 'bare', bound: { atLeast: 2 } };
  t.same(judged({ a: { ours: [30, 2, 40], bare: [10, 1, 100] } }, goal), [2, true]);
});

t.test('another scenario can be what it is compared with, of ours or of another', async (t) => {
  const rates = { large: { ours: [10] }, small: { ours: [40], floor: [20] } };
  const goal: Goal = { scenario: 'large', measure: 'time', as: 'small', bound: { atMost: 1 } };
  t.same(judged(rates, goal), [4, false]);
  t.same(judged(rates, { ...goal, than: 'floor' }), [2, false]);
});

t.test('growth is compared with the growth of another', async (t) => {
  const goal: Goal = { scenario: 'large', measure: 'p50', than: 'bare', since: 'small', bound: { atMost: 1 } };
  t.same(judged({ small: { ours: [10], bare: [100] }, large: { ours: [5], bare: [25] } }, goal), [0.5, true]);
  t.same(judged({ small: { ours: [10], bare: [100] }, large: { ours: [2], bare: [50] } }, goal), [2.5, false]);
});

t.test('bytes are compared with nothing', async (t) => {
  const goal: Goal = { scenario: 'a', measure: 'bytes', bound: { atMost: 40 } };
  t.same(judged({ a: { ours: [40] } }, goal), [40, true]);
  t.same(judged({ a: { ours: [41] } }, goal), [41, false]);
});

t.test('what was not measured neither holds nor fails', async (t) => {
  const goal: Goal = { scenario: 'a', measure: 'rate', than: 'pnpr', bound: { atLeast: 2 } };
  t.same(judged({ a: { ours: [20] } }, goal), [undefined, undefined]);
  t.same(judged({}, goal), [undefined, undefined]);
  t.same(judged({ a: { ours: [1], pnpr: [1] } }, { ...goal, since: 'b' }), [undefined, undefined]);
});

t.test('every goal is about a scenario that there is', async (t) => {
  const names = [...readScenarios({ quick: false }), ...publishScenarios({ quick: false })].map(({ name }) => name);
  t.equal(new Set(names).size, names.length, 'each name is given once');
  for (const { scenario, as = scenario, since = scenario } of GOALS) {
    for (const name of [scenario, as, since]) t.ok(names.includes(name), name);
  }
});

t.test('a table tells how many times as fast ours is', async (t) => {
  const results = resultsOf({ a: { ours: [20, 20], verdaccio: [5, 10] } });
  t.equal(comparedWith(results, 'a', 'verdaccio', 'rate'), 3);
  t.equal(comparedWith(results, 'a', 'pnpr', 'rate'), undefined);
});
