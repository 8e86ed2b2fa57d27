import t from 'tap';
import { table } from '../../terminal/table.ts';

t.test('columns are as wide as their widest cell, and lines end where the text does', async (t) => {
  const shown = table(
    ['WHO', 'WHAT'],
    [
      ['joão', 'publish'],
      ['𝒜', ''],
      ['diego-the-long', 'tag'],
    ],
  );
  t.equal(shown, ['WHO             WHAT', 'joão            publish', '𝒜', 'diego-the-long  tag'].join('\n'));
  t.equal(table(['A', 'B'], []), 'A  B');
});

t.test('a character that takes two columns of a terminal counts as two, one that takes none as none', async (t) => {
  const shown = table(
    ['WHO', 'WHAT', 'WHEN'],
    [
      ['日本語', 'publish', 'today'],
      ['diego', '👩‍🏫 teach', 'today'],
      ['e\u0301va', '한국', 'today'],
    ],
  );
  t.equal(
    shown,
    [
      'WHO     WHAT      WHEN',
      '日本語  publish   today',
      'diego   👩‍🏫 teach  today',
      'e\u0301va     한국      today',
    ].join('\n'),
  );
});
