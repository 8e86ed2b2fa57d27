import t from 'tap';
import { wrap } from '../../terminal/wrap.ts';

t.test('text is wrapped between words, and no word is cut', async (t) => {
  t.same(wrap('one two  three\nfour', 9), ['one two', 'three', 'four']);
  t.same(wrap('one two', 7), ['one two']);
  t.same(wrap('a-word-that-is-too-long b', 5), ['a-word-that-is-too-long', 'b']);
  t.same(wrap('çã éé', 5), ['çã éé']);
  t.same(wrap('  ', 5), []);
  t.same(wrap('日本 語 です', 7), ['日本 語', 'です'], 'in columns of a terminal');
  t.same(wrap('日本 語 です', 6), ['日本', '語', 'です']);
});
