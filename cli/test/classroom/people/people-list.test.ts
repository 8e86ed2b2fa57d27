import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { readPeople } from '../../../classroom/people/people-list.ts';

const folder = t.testdir({});
let files = 0;

async function people(text: string | Buffer): Promise<string[]> {
  const path = join(folder, `${++files}.csv`);
  await writeFile(path, text);
  return readPeople(path);
}

for (const [fact, text, expected] of [
  ['one name a line', 'ana\nrui\n', ['ana', 'rui']],
  ['a heading for the column', 'name,username\nAna,ana\nRui,rui\n', ['ana', 'rui']],
  ['a username counts before an address', 'email,username\na@x.example,ana\n', ['ana']],
  [
    'addresses, in the form of a German spreadsheet',
    '\ufeffName;E-Mail\r\n"Lima, Ana";ana@x.example\r\n',
    ['ana@x.example'],
  ],
  ['tabs', 'Email\tClass\nana@x.example\t7b\n', ['ana@x.example']],
  ['nobody twice, and no empty lines', 'ana\n\n  ana  \n,\nrui', ['ana', 'rui']],
  ['lines of different length', 'username,class\nana\nrui,7b,late\n', ['ana', 'rui']],
] as const) {
  t.test(fact, async (t) => t.same(await people(text), expected));
}

for (const [fact, text] of [
  ['an empty file', ''],
  ['only a heading', 'username\n'],
  ['a quote without an end', 'username\n"ana\n'],
  ['a line without an end', `"${'x'.repeat(20_000)}"\n`],
  ['a name that is too long', `${'x'.repeat(400)}\n`],
  ['too many people', Array.from({ length: 2_001 }, (_, index) => `user${index}`).join('\n')],
  ['a file that is too large', 'x'.repeat(1024 * 1024 + 1)],
] as const) {
  t.test(`${fact} is refused`, async (t) => {
    await t.rejects(people(text), { code: 'USAGE', next: /column "username" or "email"/ });
  });
}

t.test('UTF-16, as Excel writes “Unicode Text”', async (t) => {
  const text = Buffer.from('\ufeffName\tE-Mail\r\nJosé\tjose@x.example\r\n', 'utf16le');
  t.same(await people(text), ['jose@x.example']);
});

t.test('a file that is not there', async (t) => {
  await t.rejects(readPeople(join(folder, 'absent.csv')), { code: 'FILE_NOT_FOUND' });
});
