import { type AuditEntry, auditLogSchema } from '@progy/protocol/wire/audit-log.ts';
import t from 'tap';
import { type AuditLogResult, views } from '../../commands/audit-log.ts';
import { readDocument } from '../../registry/answers.ts';

const now = new Date('2026-11-24T12:00:00.000Z');
const entry = (fields: Partial<AuditEntry>): AuditEntry => ({
  id: 1,
  at: '2026-11-24T11:58:00.000Z',
  user: 'diego',
  token: '3f9a12bc00112233445566778899aabb',
  action: 'publish',
  version: null,
  before: null,
  after: null,
  ...fields,
});
const shown = (...entries: AuditEntry[]) => {
  const result: AuditLogResult = { name: '@diego/rust', entries, next: null, now };
  return views.human(result).split('\n');
};

t.test('entries are a table: when, who, with which token, what, from what to what', async (t) => {
  const lines = shown(
    entry({ action: 'dist-tag add', version: '1.1.0', before: { latest: '1.0.0' }, after: { latest: '1.1.0' } }),
    entry({ action: 'owner rm', before: { user: 'marta' }, token: null, at: '2026-11-20T08:30:59.000Z' }),
    entry({ version: '1.0.0', after: { integrity: 'sha512-x', tree: 'ab', tag: 'beta', force: true } }),
    entry({ action: 'unpublish', user: null, token: null }),
  );
  t.same(lines, [
    'WHEN              WHO           TOKEN     WHAT                CHANGE',
    '2 minutes ago     diego         3f9a12bc  dist-tag add 1.1.0  latest: 1.0.0 → 1.1.0',
    '2026-11-20 08:30  diego         –         owner rm            user: marta → none',
    '2 minutes ago     diego         3f9a12bc  publish 1.0.0       tag: none → beta, force: none → true',
    '2 minutes ago     the registry  –         unpublish',
  ]);
});

t.test('long values are cut, line feeds in them do not break the table, and equal fields do not show', async (t) => {
  const [, line] = shown(entry({ before: { a: 'x\ny', same: 1 }, after: { a: 'z'.repeat(40), same: 1, not: false } }));
  t.match(line, `a: x y → ${'z'.repeat(23)}…`);
  t.notMatch(line, /same|not:/);
  t.match(
    shown(entry({ before: 'old', after: ['new'] }))[1],
    'it: old → ["new"]',
    'a value that is no object has no field of its own',
  );
});

t.test('an empty log says so', async (t) => {
  t.same(shown(), ['Nothing has happened to @diego/rust.']);
});

t.test('an answer that is no log is refused, not shown', async (t) => {
  const good = entry({});
  const read = (body: object) => readDocument(auditLogSchema, { name: '@diego/rust', ...body }, 'here');
  t.match(read({ entries: [good], next: 7 }), { entries: [good], next: 7 });
  for (const body of [
    {},
    { entries: 'x', next: null },
    { entries: [{ ...good, id: 'x' }], next: null },
    { entries: [{ ...good, at: 'yesterday-ish' }], next: null },
    { entries: [{ ...good, user: 7 }], next: null },
    { entries: [null], next: null },
    { entries: [], next: 'x' },
  ])
    t.throws(() => read(body), { code: 'NOT_A_REGISTRY' }, JSON.stringify(body));
});
