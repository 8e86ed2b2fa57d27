import { join } from 'node:path';
import t from 'tap';
import { howToGetGit } from '../../student/get-git.ts';

t.test('each system has its command', async (t) => {
  t.equal(howToGetGit('win32', {}), 'winget install Git.Git');
  t.equal(howToGetGit('darwin', {}), 'xcode-select --install');
  t.equal(howToGetGit('linux', {}), 'https://git-scm.com/downloads');
  const folder = t.testdir({ apt: { 'apt-get': '' }, apk: { apk: '' } });
  t.equal(howToGetGit('linux', { PATH: `/nowhere::${join(folder, 'apk')}` }), 'sudo apk add git');
  t.equal(howToGetGit('linux', { PATH: `${join(folder, 'apk')}:${join(folder, 'apt')}` }), 'sudo apt-get install git');
});
