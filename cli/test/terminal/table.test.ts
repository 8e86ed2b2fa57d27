import t from 'tap';
import { table } from '../../terminal/table.ts';

t.test(
  'columns are as wide as their longest cell, counted in characters, and lines end where the text does',
  async (t) => {
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
  },
);
