// Real npms that search for courses, audit a class folder, and ask for what does not exist.
import t from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { signIn } from '../harness.ts';
import { openClassrooms, printed } from './helpers/classrooms.ts';

const { registry, eachNpm, publishNew } = await openClassrooms(t);
const marta = String((await signIn(registry.json, 'marta', SEED_PASSWORD)).body.token);
const HERE = ['--registry', registry.url];

eachNpm('search shows courses to a person', async (t, student) => {
  const shown = printed(t, await student.runNpm(['search', 'rust', 'ownership', ...HERE]));
  const lines = shown.trim().split('\n');
  t.match(lines, [
    '@diego/rust-mastery',
    /^Ownership, enums and traits/,
    /^Version 1\.0\.0 published \d{4}-\d\d-\d\d by diego$/,
    'Maintainers: diego',
    'Keywords: rust systems webassembly',
  ]);
});

eachNpm('search prints JSON, and columns for programs', async (t, student) => {
  const json = JSON.parse(printed(t, await student.runNpm(['search', 'mystery', '--json', ...HERE])));
  t.match(json, [
    { name: '@marta/sql-detective', version: '1.2.0', keywords: Array, maintainers: [{ username: 'marta' }] },
  ]);
  t.equal(json.length, 1);
  const columns = printed(t, await student.runNpm(['search', 'mystery', '--parseable', ...HERE]))
    .trim()
    .split('\t');
  t.match(columns, ['@marta/sql-detective', /thief/, /^\d{4}-\d\d-\d\d$/, '1.2.0', /mystery/]);
});

eachNpm('search understands qualifiers and limits', async (t, student) => {
  const names = async (...words: string[]) => {
    const found = JSON.parse(printed(t, await student.runNpm(['search', ...words, '--json', ...HERE])));
    return (found as { name: string }[]).map(({ name }) => name).filter((name) => !name.includes('/new-'));
  };
  t.same((await names('scope:diego')).sort(), ['@diego/javascript-quest', '@diego/rust-mastery']);
  t.same(await names('keywords:sqlite'), ['@marta/sql-detective']);
  t.same(await names('author:marta', 'thief'), ['@marta/sql-detective']);
  t.equal((await names('keywords:rust,javascript', '--searchlimit=1')).length, 1);
});

eachNpm('a search that finds nothing says so', async (t, student) => {
  t.equal(printed(t, await student.runNpm(['search', 'qxzvw', ...HERE])).trim(), 'No matches found for "qxzvw"');
});

eachNpm('a course is found as soon as it is published, whatever stands in it', async (t, student) => {
  const name = await publishNew({
    course: { description: 'Zithers \u001b[31m for *everybody*', keywords: ['a', 'b'.repeat(100)] },
  });
  const shown = printed(t, await student.runNpm(['search', 'zither', ...HERE]));
  t.match(shown, `${name}\n`);
  t.notMatch(shown, '\u001b');
});

eachNpm('audit of a class folder finds nothing wrong, and asks no other registry', async (t, student) => {
  printed(t, await student.runNpm(['install', '@diego/rust-mastery', '@marta/sql-detective']));
  t.equal(printed(t, await student.runNpm(['audit', ...HERE])).trim(), 'found 0 vulnerabilities');
  const report = JSON.parse(printed(t, await student.runNpm(['audit', '--json', ...HERE])));
  t.match(report, { vulnerabilities: {}, metadata: { vulnerabilities: { total: 0 }, dependencies: { prod: 3 } } });
  t.same(student.askedPublicly, []);
});

const REFUSALS = [
  {
    args: ['profile', 'set', 'fullname', 'Marta'],
    code: 'E405',
    says: 'Profiles on this registry cannot be changed with npm',
  },
  { args: ['stage', 'list'], code: 'E404', says: 'This registry has no staging: npm publish' },
  { args: ['trust', 'list', '@marta/sql-detective'], code: 'E404', says: 'create a token with npm token create' },
  { args: ['view', 'express'], code: 'E404', says: 'Package not found: express. This registry has courses' },
  { args: ['stars', 'marta'], code: 'E404', says: 'This registry has no stars' },
  { args: ['star', '@diego/rust-mastery'], code: 'E405', says: 'This registry has no stars, so npm star' },
];
eachNpm('what this registry does not have is refused in words that say what to do', async (t, student) => {
  await student.useToken(marta);
  const hasStars = Number(/npm (\d+)\./.exec(student.npm.label)?.[1]) < 12;
  for (const { args, code, says } of REFUSALS) {
    if (args[0]?.startsWith('star') && !hasStars) continue;
    const ended = await student.runNpm([...args, ...HERE]);
    t.equal(ended.code, 1, args.join(' '));
    t.match(ended.stderr, `npm error code ${code}\n`, args.join(' '));
    t.match(ended.stderr, says, args.join(' '));
  }
});
