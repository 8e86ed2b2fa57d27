// Reports of runners: every form that courses use, and whatever else they print.
import fc from 'fast-check';
import t from 'tap';
import { findReport, type RunnerReport, withoutReport } from '../../runners/report.ts';

const wrapped = (report: unknown) => `before\n__SRP_BEGIN__\n${JSON.stringify(report)}\n__SRP_END__\nafter\n`;
const read = (report: unknown) => findReport(wrapped(report));

t.test('each name for success', async (t) => {
  for (const key of ['success', 'ok', 'passed', 'status']) {
    for (const value of [true, 'pass', 'Passed', 'ok', 'success'])
      t.equal(read({ [key]: value })?.passed, true, `${key} ${value}`);
    for (const value of [false, 'fail', 'failed', 'error', 'no'])
      t.equal(read({ [key]: value })?.passed, false, `${key} ${value}`);
  }
  t.equal(read({ summary: 'x' })?.passed, undefined);
});

t.test('each name for the rest', async (t) => {
  const table: [written: object, read: Partial<RunnerReport>][] = [
    [
      { summary: 's', raw: 'r' },
      { summary: 's', output: 'r' },
    ],
    [
      { message: 'm', output: 'o' },
      { summary: 'm', output: 'o' },
    ],
    [{ score: 80 }, { score: { points: 80, of: undefined } }],
    [{ score: '4', maxScore: 5 }, { score: { points: 4, of: 5 } }],
    [{ points: 4, max_points: 5 }, { score: { points: 4, of: 5 } }],
    [{ score: { points: 4, total: 5 } }, { score: { points: 4, of: 5 } }],
    [{ score: null }, { score: undefined }],
    [
      {
        tests: [
          { name: 'a', status: 'pass' },
          { title: 'b', passed: false, error: 'e', expected: [1], received: '2' },
          'c',
        ],
      },
      {
        tests: [
          { name: 'a', status: 'passed' },
          { name: 'b', status: 'failed', message: 'e', expected: '[1]', actual: '2' },
          { name: 'c', status: 'failed' },
        ],
      },
    ],
    [
      { tests: [{ success: true }, { status: 'skipped', ok: true }] },
      {
        tests: [
          { name: 'Test 1', status: 'passed' },
          { name: 'Test 2', status: 'skipped' },
        ],
      },
    ],
    [
      { diagnostics: [{ severity: 'Warning', message: 'm', file: 'a.rs', line: '3', column: 2 }, 'text'] },
      {
        diagnostics: [
          { severity: 'warning', message: 'm', file: 'a.rs', line: 3, column: 2 },
          { severity: 'error', message: 'text' },
        ],
      },
    ],
    [
      { errors: [{ level: 'note', path: 'b', col: 1, line: -1 }] },
      { diagnostics: [{ severity: 'note', message: '', file: 'b', column: 1 }] },
    ],
  ];
  for (const [written, expected] of table) {
    const report = read(written);
    for (const [key, value] of Object.entries(expected))
      t.same(report?.[key as keyof RunnerReport], value, JSON.stringify(written));
  }
});

t.test('the last report counts, and output may be nothing but a report', async (t) => {
  t.equal(findReport(wrapped({ success: true }) + wrapped({ success: false }))?.passed, false);
  t.equal(findReport('\n{ "success": true,\n "summary": "x" }\n')?.passed, true);
  for (const output of [
    '',
    'text',
    '{"a": 1}',
    '{',
    '__SRP_BEGIN__ {"success":true}',
    '{"success":true} __SRP_END__',
    '__SRP_BEGIN__ {x} __SRP_END__',
    '__SRP_BEGIN__[]__SRP_END__',
  ])
    t.equal(findReport(output), undefined, output);
});

t.test('what was printed besides the report', async (t) => {
  t.equal(withoutReport(wrapped({ success: true })), 'before\n\nafter\n');
  t.equal(withoutReport('text'), 'text');
});

t.test('no report is too strange to be read', async () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void read(value)));
  const keys = ['success', 'tests', 'diagnostics', 'score', 'summary', 'raw', 'points', 'total', 'errors'] as const;
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (value) => read(value) !== undefined));
});
