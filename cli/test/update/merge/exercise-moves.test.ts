import t from 'tap';
import { movedPaths, renamedExercises } from '../../../update/merge/exercise-moves.ts';

/** An exercise at `m/01_a`, with an id if it is given as `m/01_a#id`. */
function exercise(text: string) {
  const [at = '', id] = text.split('#');
  const [module = '', name = ''] = at.split('/');
  return { id: id ?? `${module}/${name}`, module, name, path: `content/${at}` };
}

function renames(before: string[], after: string[]): string[] {
  const found = renamedExercises(before.map(exercise), after.map(exercise));
  return found.map(({ from, to }) => `${from.slice(8)} -> ${to.slice(8)}`);
}

t.test('an exercise is followed by its id, or by its name without the number', async (t) => {
  const cases: [title: string, before: string[], after: string[], renamed: string[]][] = [
    ['nothing moved', ['m/01_a', 'm/02_b'], ['m/01_a', 'm/02_b'], []],
    ['an id says it', ['m/01_a#x'], ['n/07_other#x'], ['m/01_a -> n/07_other']],
    ['a new number', ['m/01_a', 'm/02_b'], ['m/01_new', 'm/02_a', 'm/03_b'], ['m/01_a -> m/02_a', 'm/02_b -> m/03_b']],
    ['a new module', ['m/01_a'], ['n/01_a'], ['m/01_a -> n/01_a']],
    ['another name is another exercise', ['m/01_a'], ['m/01_b'], []],
    ['what is still there did not move', ['m/01_a'], ['m/01_a', 'n/02_a'], []],
    ['two of one name are nobody’s', ['m/01_a', 'n/01_a'], ['m/02_a', 'n/02_a'], []],
    ['places changed', ['m/01_a#a', 'm/02_b#b'], ['m/01_b#b', 'm/02_a#a'], ['m/01_a -> m/02_a', 'm/02_b -> m/01_b']],
    ['an id weighs more than a name', ['m/01_a#x'], ['m/02_a', 'm/03_b#x'], ['m/01_a -> m/03_b']],
  ];
  for (const [title, before, after, renamed] of cases) t.same(renames(before, after), renamed, title);
});

t.test('files go with their exercise, unless something is in the way', async (t) => {
  const renamed = [
    { from: 'c/01_a', to: 'c/02_a' },
    { from: 'c/02_b', to: 'c/01_b' },
  ];
  const moved = (...paths: string[]) => Object.fromEntries(movedPaths(paths, renamed));
  t.same(moved('c/01_a/x', 'c/01_a/y/z', 'c/01_abc/x', 'top'), {
    'c/01_a/x': 'c/02_a/x',
    'c/01_a/y/z': 'c/02_a/y/z',
    'c/01_abc/x': 'c/01_abc/x',
    top: 'top',
  });
  t.same(moved('c/01_a/x', 'c/02_a/own', 'c/02_b/x'), {
    'c/01_a/x': 'c/01_a/x',
    'c/02_a/own': 'c/02_a/own',
    'c/02_b/x': 'c/01_b/x',
  });
  t.same(moved('c/01_a/x', 'c/02_a'), { 'c/01_a/x': 'c/01_a/x', 'c/02_a': 'c/02_a' }, 'a file in the way');
});
