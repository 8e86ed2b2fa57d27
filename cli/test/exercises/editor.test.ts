// What opens an exercise on each system. Only an editor is given a file.
import { chmod } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import t from 'tap';
import type { Environment } from '../../context.ts';
import { findProgram, openingCommand } from '../../exercises/editor.ts';

const folder = '/c/my course/1_a';
const file = `${folder}/run me.sh`;

const none = async () => undefined;
const code = async (program: string) => (program === 'code' ? '/usr/bin/code' : undefined);

t.test('the person’s editor comes first, then one that is installed, then the system', async (t) => {
  const table: [env: Environment, platform: NodeJS.Platform, command: string[], installed?: typeof none][] = [
    [{ VISUAL: 'code --wait', EDITOR: 'vi' }, 'linux', ['code', '--wait', file]],
    [{ EDITOR: '"/opt/my editor/e" -n' }, 'linux', ['/opt/my editor/e', '-n', file]],
    [{ EDITOR: String.raw`C:\e.exe` }, 'win32', [String.raw`C:\e.exe`, file]],
    [{}, 'linux', ['/usr/bin/code', file], code as typeof none],
    [{ DISPLAY: ':0' }, 'linux', ['xdg-open', folder]],
    [{ WAYLAND_DISPLAY: 'w' }, 'linux', ['xdg-open', folder]],
    [{}, 'darwin', ['open', '-t', file]],
    [{}, 'win32', ['explorer.exe', folder]],
  ];
  for (const [env, platform, command, installed = none] of table)
    t.same(await openingCommand({ folder, file }, env, platform, installed), command, command.join(' '));
});

t.test('without a file to edit the folder is opened', async (t) => {
  const target = { folder, file: undefined };
  t.same(await openingCommand(target, { EDITOR: 'vi' }, 'linux', none), ['vi', folder]);
  t.same(await openingCommand(target, {}, 'darwin', none), ['open', folder]);
});

t.test('where nothing is known, and for an editor that is no command', async (t) => {
  await t.rejects(openingCommand({ folder, file }, {}, 'linux', none), { code: 'NO_EDITOR' });
  for (const EDITOR of ['vi | less', '"vi', ' '])
    await t.rejects(openingCommand({ folder, file }, { EDITOR }, 'linux', none), { code: 'NO_EDITOR' }, EDITOR);
});

t.test('programs are found in PATH, in absolute folders only', async (t) => {
  const bin = t.testdir({ code: '', other: '' });
  await chmod(join(bin, 'code'), 0o755);
  const PATH = ['', '.', bin].join(delimiter);
  t.equal(await findProgram('code', { PATH }), join(bin, 'code'));
  t.equal(await findProgram('other', { PATH }), undefined);
  t.equal(await findProgram('code', {}), undefined);
});
