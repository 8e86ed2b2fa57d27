import fc from 'fast-check';
import t from 'tap';
import { fold } from '../../terminal/fold.ts';

t.test('a line is broken between words, and goes on indented', async (t) => {
  t.same(fold('one two three', 7), ['one two', 'three']);
  t.same(fold('  git    a repository of your own', 20, '         '), [
    '  git    a',
    '         repository',
    '         of your own',
  ]);
  t.same(fold('averyveryverylongword', 5), ['averyveryverylongword']);
  t.same(fold('', 5), ['']);
});

t.test('joined again, the lines are the line', async () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 30 }), (line, columns) => fold(line, columns).join(' ') === line),
  );
});
