import t from 'tap';
import { executablesSchema } from '../../client/executables.ts';
import { CLIENT, installFrom, progyFrom } from '../../client/progy-command.ts';
import { parsePackageName } from '../../course/package-name.ts';

t.test('the name of the package is a valid one', async (t) => {
  t.same(CLIENT, parsePackageName(CLIENT.full));
});

t.test('commands name the registry for the scope of progy only, with or without a slash at the end', async (t) => {
  for (const registry of ['https://school.example', 'https://school.example/']) {
    t.equal(progyFrom(registry), 'npx --yes --@progy:registry=https://school.example @progy/cli');
    t.equal(installFrom(registry), 'npm install --global --@progy:registry=https://school.example @progy/cli');
  }
});

const program = { name: 'progy-1.0.0-linux-x64.gz', system: 'linux-x64', size: 5, sha256: 'a'.repeat(64) };

/** What the scripts that install progy would paste into a shell is checked. */
const LISTS: [title: string, list: object, isValid: boolean][] = [
  ['none', { version: null, executables: [] }, true],
  ['one', { version: '1.0.0', executables: [program] }, true],
  ['a name with a quote', { version: '1.0.0', executables: [{ ...program, name: "progy-'.gz" }] }, false],
  ['a name with a line feed', { version: '1.0.0', executables: [{ ...program, name: 'progy-1\n2.gz' }] }, false],
  ['a path', { version: '1.0.0', executables: [{ ...program, name: 'progy-1/../2.gz' }] }, false],
  ['another system', { version: '1.0.0', executables: [{ ...program, system: 'amiga' }] }, false],
  ['no checksum', { version: '1.0.0', executables: [{ ...program, sha256: '' }] }, false],
];
for (const [title, list, isValid] of LISTS) {
  t.test(`a list of programs with ${title} is ${isValid ? 'read' : 'refused'}`, async (t) => {
    t.equal(executablesSchema.safeParse(list).success, isValid);
  });
}
