// Opening a page in a browser: with which program, and when not.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Environment } from '../../context.ts';
import { openBrowser, openerFor } from '../../terminal/browser.ts';
import { testContext } from '../helpers/context.ts';

const HANDLER = 'url.dll,FileProtocolHandler';
const SCREEN = { DISPLAY: ':0' };
const table: [where: string, platform: NodeJS.Platform, env: Environment, opener: string[] | undefined][] = [
  ['macOS', 'darwin', {}, ['open']],
  ['Windows', 'win32', {}, ['rundll32', HANDLER]],
  ['Linux with X', 'linux', SCREEN, ['xdg-open']],
  ['Linux with Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open']],
  ['Linux without a screen', 'linux', {}, undefined],
  ['Windows’ Linux', 'linux', { WSL_DISTRO_NAME: 'Debian' }, ['rundll32.exe', HANDLER]],
  ['over SSH', 'linux', { ...SCREEN, SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, undefined],
  ['over SSH to a Mac', 'darwin', { SSH_TTY: '/dev/ttys1' }, undefined],
  ['an editor’s terminal over SSH', 'linux', { SSH_TTY: '/dev/pts/1', BROWSER: '/opt/open.sh' }, ['/opt/open.sh']],
  ['somebody who wants none', 'darwin', { BROWSER: 'none' }, undefined],
];
for (const [where, platform, env, opener] of table) {
  t.test(`${where}: ${opener?.join(' ') ?? 'nothing is opened'}`, async (t) => {
    t.same(openerFor(platform, env), opener);
  });
}

t.test('the program gets the address as it is, and the command does not wait for it', async (t) => {
  const folder = t.testdir({});
  const seen = join(folder, 'seen');
  const program = join(folder, 'browser.sh');
  await writeFile(program, `#!/bin/sh\nprintf '%s' "$1" > ${seen}.new && mv ${seen}.new ${seen}\n`);
  await chmod(program, 0o755);
  const context = await testContext(folder, { watched: true, env: { BROWSER: program } });
  const page = 'http://localhost:1/login?code=AAAA-BBBB&x=$(id)';
  t.equal(openBrowser(page, context), true);
  let text: string | undefined;
  while (text === undefined) text = await readFile(seen, 'utf8').catch(() => undefined);
  t.equal(text, page);
});

t.test('a program that is not there is no error', async (t) => {
  const context = await testContext(t.testdir({}), { watched: true, env: { BROWSER: '/no/such/browser' } });
  t.equal(openBrowser('http://localhost:1/', context), true);
});

t.test('where nobody looks on nothing is opened', async (t) => {
  const context = await testContext(t.testdir({}), { env: { BROWSER: '/no/such/browser' } });
  t.equal(openBrowser('http://localhost:1/', context), false);
});
