import fc from 'fast-check';
import t from 'tap';
import { readTyped } from '../../suggestion/typed.ts';

const READ: Record<string, object> = {
  'rust-mastery': { slug: 'rust-mastery', words: ['mastery', 'rust'], spec: undefined },
  'diego/rust': { spec: '@diego/rust', scope: 'diego', slug: 'rust' },
  '@Diego/Rust-Mastery': { spec: '@diego/rust-mastery' },
  '@Diego/Rust@1.0.0': { spec: '@diego/rust@1.0.0' },
  'npm install @diego/rust': { spec: '@diego/rust' },
  '  npx progy init "@diego/rust@^1"  ': { spec: '@diego/rust@^1' },
  'please start @diego/rust, now': { spec: '@diego/rust' },
  'https://r.test/@diego/rust': { spec: '@diego/rust', registry: 'https://r.test' },
  'https://r.test/courses/@diego/rust/v/1.2.0?a=b#c': { spec: '@diego/rust@1.2.0', registry: 'https://r.test' },
  'http://r.test:8787/@diego%2frust': { spec: '@diego/rust', registry: 'http://r.test:8787' },
  'https://r.test/@diego/rust/-/rust-1.0.0-beta.1.tgz': { spec: '@diego/rust@1.0.0-beta.1' },
  'https://r.test/%zz': { spec: undefined },
  'https://r.test/': { spec: undefined, slug: '' },
  'Программирование на Rust': { spec: undefined, slug: 'rust' },
  '@diego': { spec: undefined, slug: 'diego' },
  '': { spec: undefined, slug: '', words: [] },
};

for (const [text, expected] of Object.entries(READ)) {
  t.test(`"${text}"`, async (t) => {
    t.match(readTyped(text), expected);
  });
}

t.test('a name written in any case, with or without the @, is that name', async () => {
  const part = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  fc.assert(
    fc.property(part, part, fc.boolean(), fc.boolean(), (scope, slug, at, upper) => {
      const typed = `${at ? '@' : ''}${scope}/${slug}`;
      return readTyped(upper ? typed.toUpperCase() : typed).spec === `@${scope}/${slug}`;
    }),
  );
});

t.test('whatever is pasted is read, and quickly', async () => {
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => readTyped(text).slug.length <= 500));
});
