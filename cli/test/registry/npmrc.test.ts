import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import ini from 'ini';
import t from 'tap';
import {
  expandVariables,
  projectNpmrcPath,
  readNpmrc,
  readSetting,
  saveNpmrc,
  userNpmrcPath,
  withoutSetting,
  withSetting,
} from '../../registry/npmrc.ts';

const variable = (name: string) => `\${${name}}`;
const KEY = '//localhost:8787/:_authToken';

t.test('readSetting: what npm would read', async (t) => {
  const table: Record<string, string | undefined> = {
    [`${KEY}=abc`]: 'abc',
    [`  ${KEY}  =  abc  `]: 'abc',
    [`${KEY}="a b"`]: 'a b',
    [`${KEY}='a b'`]: 'a b',
    [`${KEY}=abc ; a comment`]: 'abc',
    [`${KEY}=a=b==`]: 'a=b==',
    [`${KEY}=first\r\n${KEY}=second\r\n`]: 'second',
    [`; ${KEY}=abc`]: undefined,
    [`# ${KEY}=abc`]: undefined,
    '//localhost:87870/:_authToken=abc': undefined,
    [KEY]: undefined,
    [`[registry]\n${KEY}=abc`]: undefined,
    [`${KEY}=abc\n[registry]\n${KEY}=other`]: 'abc',
    [`  [no section]\n${KEY}=abc`]: 'abc',
    [`[no] section\n${KEY}=abc`]: 'abc',
    [`a=1\r${KEY}=abc\rb=2`]: 'abc',
    [`${KEY}='12'`]: '12',
    [`${KEY}[]=abc`]: undefined,
    '': undefined,
  };
  for (const [text, value] of Object.entries(table)) t.equal(readSetting(text, KEY), value, JSON.stringify(text));
});

t.test('withSetting: one line changes, the others stay byte for byte', async (t) => {
  const table: [string, string][] = [
    ['', `${KEY}=new\n`],
    ['save-exact=true', `save-exact=true\n${KEY}=new\n`],
    [`a=1\r\n${KEY}=old\r\n; note\r\n`, `a=1\r\n${KEY}=new\r\n; note\r\n`],
    [`${KEY}=old\n\n  b = 2\n${KEY}=older\n`, `${KEY}=new\n\n  b = 2\n`],
    [`${KEY}=old`, `${KEY}=new`],
    [`[registry]\n${KEY}=hidden\n`, `${KEY}=new\n[registry]\n${KEY}=hidden\n`],
    [`a=1\n\n; of a section\n[registry]\nb=2`, `a=1\n${KEY}=new\n\n; of a section\n[registry]\nb=2`],
    [`${KEY}=old\n[registry]\n${KEY}=hidden\n`, `${KEY}=new\n[registry]\n${KEY}=hidden\n`],
    [`${KEY}[]=old\r${KEY}=older\rb=2\r`, `${KEY}=new\rb=2\r`],
  ];
  for (const [before, after] of table) t.equal(withSetting(before, KEY, 'new'), after, JSON.stringify(before));
});

const LINES = [
  'a=1',
  '',
  '; c',
  '  # c',
  '  spaced = "x" ',
  '@diego:registry=https://example.com/',
  'b[]=2',
  'é=ü',
  '[section]',
  '[a.b] ',
  ' [no section]',
  '[no] section',
  '[]',
  '[section',
  '=',
  '__proto__=1',
  '[__proto__]',
];
const SETTINGS = [
  `${KEY}=abc`,
  `${KEY} = "a;b" `,
  `'${KEY}'=x ; y`,
  `"${KEY}"='1'`,
  `; ${KEY}=no`,
  KEY,
  `${KEY}=`,
  `${KEY}[]=c`,
];
const textOf = (lines: readonly string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...lines), fc.constantFrom('\n', '\r\n', '\r')))
    .map((parts) => parts.map(([line, end]) => line + end).join(''));
const token = fc
  .string({ minLength: 1, unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) })
  .filter((value) => !['true', 'false', 'null'].includes(value));

/** What npm's reader has at its top, where npm looks for settings. */
function asNpmReads(text: string): Record<string, unknown> {
  return ini.parse(text);
}

t.test('a setting is what npm’s reader says it is', async (t) => {
  fc.assert(
    fc.property(textOf([...LINES, ...SETTINGS]), (npmrc) => {
      const value = asNpmReads(npmrc)[KEY];
      return readSetting(npmrc, KEY) === (['string', 'number'].includes(typeof value) ? String(value) : undefined);
    }),
    { numRuns: 1_000 },
  );
  t.pass();
});

t.test('npm reads what is set, finds all else as it was, and nothing of what is taken away', async (t) => {
  fc.assert(
    fc.property(textOf([...LINES, ...SETTINGS]), token, (npmrc, value) => {
      const { [KEY]: _, ...others } = asNpmReads(npmrc);
      t.strictSame({ ...asNpmReads(withSetting(npmrc, KEY, value)) }, { ...others, [KEY]: value });
      t.strictSame({ ...asNpmReads(withoutSetting(npmrc, KEY)) }, others);
    }),
    { numRuns: 500 },
  );
});

t.test('what is set can be read, and taken away again without a trace', async (t) => {
  fc.assert(
    fc.property(textOf(LINES), token, (npmrc, value) => {
      const changed = withSetting(npmrc, KEY, value);
      return readSetting(changed, KEY) === value && withoutSetting(changed, KEY) === npmrc;
    }),
  );
  t.pass();
});

t.test('variables are those of the environment; an unknown one stays', async (t) => {
  t.equal(expandVariables(`a${variable('TOKEN')}b`, { TOKEN: 'x' }), 'axb');
  t.equal(expandVariables(variable('NONE'), {}), variable('NONE'));
  t.equal(expandVariables(variable('NONE?'), {}), '');
});

t.test('the user’s file is the one npm is told to use', async (t) => {
  t.equal(userNpmrcPath({}, '/home/ana'), join('/home/ana', '.npmrc'));
  t.equal(userNpmrcPath({ NPM_CONFIG_USERCONFIG: '/x/rc' }, '/home/ana'), '/x/rc');
  t.equal(userNpmrcPath({ npm_config_userconfig: '/x/rc' }, '/home/ana'), '/x/rc');
});

t.test('the project’s file lies beside the nearest package.json or node_modules', async (t) => {
  const folder = t.testdir({
    class: { 'package.json': '{}', week1: { notes: {} } },
    other: { node_modules: {}, deep: {} },
  });
  t.equal(await projectNpmrcPath(join(folder, 'class', 'week1', 'notes')), join(folder, 'class', '.npmrc'));
  t.equal(await projectNpmrcPath(join(folder, 'other', 'deep')), join(folder, 'other', '.npmrc'));
});

t.test('a saved file is readable by its owner only, and replaces the old one at once', async (t) => {
  const path = join(t.testdir({ '.npmrc': 'old=1\n' }), '.npmrc');
  await chmod(path, 0o644);
  await saveNpmrc(path, 'new=1\n');
  t.equal(await readFile(path, 'utf8'), 'new=1\n');
  t.equal((await stat(path)).mode & 0o777, 0o600);
});

t.test('an .npmrc that is a link into dotfiles stays one', async (t) => {
  const folder = t.testdir({ dotfiles: { npmrc: 'old=1\n' }, home: {} });
  const path = join(folder, 'home', '.npmrc');
  await symlink(join(folder, 'dotfiles', 'npmrc'), path);
  await saveNpmrc(path, 'new=1\n');
  t.ok((await lstat(path)).isSymbolicLink());
  t.equal(await readFile(join(folder, 'dotfiles', 'npmrc'), 'utf8'), 'new=1\n');
});

t.test('a missing file reads as empty, an unreadable one is an error', async (t) => {
  const folder = t.testdir({});
  t.equal(await readNpmrc(join(folder, '.npmrc')), '');
  await mkdir(join(folder, 'a-folder'));
  await t.rejects(readNpmrc(join(folder, 'a-folder')), { code: 'EISDIR' });
  await writeFile(join(folder, 'file'), '');
  await t.rejects(saveNpmrc(join(folder, 'file', '.npmrc'), ''), { code: 'ENOTDIR' });
});
