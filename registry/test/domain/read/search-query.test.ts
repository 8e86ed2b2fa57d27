// What a search text means, and the expression of the index that it becomes.
import fc from 'fast-check';
import t from 'tap';
import { expressionsOf } from '../../../database/read/search-match.ts';
import { isEmptyQuery, parseSearchText } from '../../../domain/read/search-query.ts';

t.test('words, quoted words and qualifiers are told apart', (t) => {
  const none = { words: [], asName: '', scope: undefined, people: [], keywords: [] };
  const table: [string, object][] = [
    ['', none],
    ['Rust Mastery', { ...none, words: ['rust', 'mastery'], asName: 'rust-mastery' }],
    ['@diego/rust', { ...none, words: ['@diego/rust'], asName: '@diego/rust' }],
    ['"web assembly" go', { ...none, words: ['web assembly', 'go'], asName: 'web assembly-go' }],
    ['how to learn Rust', { ...none, words: ['rust'], asName: 'how-to-learn-rust' }],
    ['how to', { ...none, words: ['how', 'to'], asName: 'how-to' }],
    ['C++ C# F#', { ...none, words: ['cpp', 'csharp', 'fsharp'], asName: 'cpp-csharp-fsharp' }],
    ['++ -- 🙂 "', none],
    ['scope:@Diego', { ...none, scope: 'diego' }],
    ['scope:diego/', { ...none, scope: 'diego' }],
    ['scope: rust', { ...none, words: ['rust'], asName: 'rust' }],
    ['author:"Marta Silva" maintainer:rui', { ...none, people: ['marta silva', 'rui'] }],
    ['keywords:a,b', { ...none, keywords: [{ any: [['a'], ['b']], none: [] }] }],
    ['keyword:a+b,c,-d', { ...none, keywords: [{ any: [['a', 'b'], ['c']], none: ['-d'] }] }],
    ['keywords:c++', { ...none, keywords: [{ any: [['cpp']], none: [] }] }],
    ['name:rust', { ...none, words: ['name:rust'], asName: 'name:rust' }],
    ['a\u0000b\u202ec', { ...none, words: ['b', 'c'], asName: 'a-b-c' }],
    ['programac\u0327a\u0303o', { ...none, words: ['programação'], asName: 'programação' }],
  ];
  for (const [text, query] of table) t.same(parseSearchText(text), query, JSON.stringify(text));
  t.end();
});

t.test('of very many words the first ten are looked for', (t) => {
  t.equal(parseSearchText('ab '.repeat(300)).words.length, 10);
  t.end();
});

t.test('the index is asked for quoted words only', (t) => {
  const table: [string, string | undefined][] = [
    ['rust', '"rust"'],
    ['rust lang', '("rust" AND "lang")'],
    ['scope:a-b', 'scope : "612d62"'],
    ['author:marta sql', '("sql" AND people : "marta")'],
    ['keywords:a+b,c', '((keywords : "a" AND keywords : "b") OR keywords : "c")'],
    ['sql keywords:-x', '"sql" NOT keywords : "-x"'],
    ['keywords:-x', undefined],
    ['', undefined],
  ];
  for (const [text, match] of table) t.equal(expressionsOf(parseSearchText(text), 'all')?.anywhere, match, text);
  t.equal(expressionsOf(parseSearchText('ab cd'), 'any')?.anywhere, '("ab" OR "cd")');
  t.end();
});

t.test('words are looked for in titles, as beginnings in all but READMEs, and anywhere', (t) => {
  t.same(expressionsOf(parseSearchText('rust c author:marta'), 'all'), {
    anywhere: '(("rust" AND "c") AND people : "marta")',
    heads: {
      titles: '({name title keywords} : ("rust" AND "c") AND people : "marta")',
      beginnings: '((("rust" OR "rust" *) AND "c") AND people : "marta")',
    },
  });
  const qualified = { anywhere: 'people : "marta"', heads: undefined };
  t.same(expressionsOf(parseSearchText('author:marta'), 'all'), qualified, 'without words nothing has to fit');
  t.end();
});

t.test('every text can be read, and what it becomes has balanced quotes and no control characters', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const query = parseSearchText(text);
      const { anywhere, heads } = expressionsOf(query, 'any') ?? {};
      const expressions = [anywhere, heads?.titles, heads?.beginnings].filter((match) => match !== undefined);
      return (
        (expressions.length === 0) === isEmptyQuery(query) &&
        expressions.every((match) => match.split('"').length % 2 === 1 && !/[\u0000-\u001f]/.test(match))
      );
    }),
  );
  t.end();
});
