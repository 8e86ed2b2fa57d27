// The repository of a portfolio: names that GitHub allows, and what happens if they are taken.
import fc from 'fast-check';
import t from 'tap';
import { parsePackageName } from '../../course/package-name.ts';
import {
  ensureRepository,
  isRepositoryName,
  namesToTry,
  portfolioName,
  type RepositoryHost,
} from '../../course/portfolio-repository.ts';

t.test('a course’s name becomes one that GitHub allows, with any number', async (t) => {
  t.equal(portfolioName(parsePackageName('@diego/rust-mastery')), 'progy-rust-mastery-portfolio');
  const slug = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,200}$/).filter((text) => !text.includes('..'));
  fc.assert(
    fc.property(slug, (text) => {
      const name = portfolioName({ slug: text });
      return isRepositoryName(name) && namesToTry(name).every((one) => one.length <= 100);
    }),
  );
});

t.test('names that GitHub keeps as they are, and those that it does not', async (t) => {
  for (const name of ['rust', 'Rust_1.0', '-', '...a', 'a'.repeat(97)]) t.ok(isRepositoryName(name), name);
  const wrong = ['', '.', '..', 'a b', 'a/b', 'ä', 'rust.git', 'rust.WIKI', 'rust.atom', 'a'.repeat(98), '../x', 'a\n'];
  for (const name of wrong) t.notOk(isRepositoryName(name), JSON.stringify(name));
});

/** A host on which some names are taken, and some repositories are there and empty. */
function hostWith(there: Record<string, 'taken' | 'empty' | 'raced'>) {
  const asked: string[] = [];
  const host: RepositoryHost<string> = {
    async find(name) {
      asked.push(name);
      if (there[name] === 'empty') return name;
      return there[name] === 'taken' ? 'taken' : undefined;
    },
    create: async (name) => (there[name] === 'raced' ? undefined : name),
  };
  return { host, asked };
}

t.test('the first name that is free, or theirs and empty, is taken', async (t) => {
  const table: [Parameters<typeof hostWith>[0], object | undefined][] = [
    [{}, { repository: 'a', created: true }],
    [{ a: 'empty' }, { repository: 'a', created: false }],
    [{ a: 'taken' }, { repository: 'a-2', created: true }],
    [
      { a: 'taken', 'a-2': 'empty' },
      { repository: 'a-2', created: false },
    ],
    [
      { a: 'raced', 'a-2': 'taken' },
      { repository: 'a-3', created: true },
    ],
    [Object.fromEntries(namesToTry('a').map((name) => [name, 'taken'])), undefined],
  ];
  for (const [there, expected] of table)
    t.same(await ensureRepository('a', hostWith(there).host), expected, JSON.stringify(there));
  t.equal(namesToTry('a').at(-1), 'a-10');
});
