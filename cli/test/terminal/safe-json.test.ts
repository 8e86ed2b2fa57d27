import fc from 'fast-check';
import t from 'tap';
import { safeJson } from '../../terminal/safe-json.ts';

t.test('JSON is printable ASCII and says the same', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = safeJson(value);
      return /^[\x20-\x7e]*$/.test(text) && JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
    }),
  );
  t.equal(safeJson({ a: '\u001b[31m\u009b\u202eé🦀' }), '{"a":"\\u001b[31m\\u009b\\u202e\\u00e9\\ud83e\\udd80"}');
});
