import t from 'tap';
import { INIT_GOALS, type InitGoal, judgeInit } from '../../../bench/init/goals.ts';
import { PROGRAMS, STARTS } from '../../../bench/init/programs.ts';
import type { Stage } from '../../../bench/init/stages.ts';

const times = new Map<Stage, Map<string, number[]>>([
  [
    'fast',
    new Map([
      ['init', [200, 600, 300]],
      ['curl', [50, 150, 100]],
      ['commit', [50, 150, 50]],
      ['clone', [400, 1_200, 300]],
    ]),
  ],
]);

function judgement(goal: Partial<InitGoal>) {
  const whole: InitGoal = { stage: 'fast', of: 'init', than: ['curl'], bound: { atMost: 4 }, ...goal };
  const [first] = judgeInit(times, [whole]);
  return { ratio: first?.ratio, holds: first?.holds };
}

t.test('a time is divided by that of another program, round by round', async (t) => {
  t.same(judgement({}), { ratio: 4, holds: true });
  t.same(judgement({ bound: { atMost: 3.9 } }), { ratio: 4, holds: false });
});

t.test('the times of several programs are added up', async (t) => {
  t.same(judgement({ than: ['curl', 'commit'] }), { ratio: 2, holds: true });
});

t.test('how much faster something is, is the other way round', async (t) => {
  t.same(judgement({ than: ['clone'], bound: { faster: 2 } }), { ratio: 2, holds: true });
  t.same(judgement({ than: ['clone'], bound: { faster: 2.1 } }), { ratio: 2, holds: false });
});

t.test('what was not measured holds no goal and breaks none', async (t) => {
  const nothing = { ratio: undefined, holds: undefined };
  t.same(judgement({ stage: 'slow' }), nothing);
  t.same(judgement({ of: 'init-warm' }), nothing);
  t.same(judgement({ than: ['curl', 'npm'] }), nothing);
});

t.test('every goal is of programs that are measured there', async (t) => {
  for (const { stage, of, than } of INIT_GOALS) {
    const measured = stage === 'start' ? STARTS : PROGRAMS.filter(({ links }) => links.includes(stage));
    const names = measured.map(({ name }) => name);
    for (const name of [of, ...than]) t.ok(names.includes(name), `${name}, ${stage}`);
  }
});
