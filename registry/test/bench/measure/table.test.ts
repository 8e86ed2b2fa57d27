// Tables of measurements.
import t from 'tap';
import { printTable, shortNumber } from '../../../bench/measure/table.ts';

const TABLE = {
  head: ['what', 'ms'],
  rows: [
    ['a long one', '1'],
    ['b', '1,000'],
  ],
};

t.test('columns stand below each other', async (t) => {
  t.equal(printTable(TABLE, false), ['what           ms', 'a long one      1', 'b           1,000'].join('\n'));
});

t.test('Markdown has a rule that says where numbers stand', async (t) => {
  const lines = [
    '| what       |    ms |',
    '| ---------- | ----: |',
    '| a long one |     1 |',
    '| b          | 1,000 |',
  ];
  t.equal(printTable(TABLE, true), lines.join('\n'));
});

t.test('numbers have three digits that count', async (t) => {
  t.same([0.123, 1.236, 12.36, 123.6, 12_345.6].map(shortNumber), ['0.12', '1.24', '12.4', '124', '12,346']);
});
