// The scripts that install progy, and the standalone programs that they may find.
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { openRegistry } from '../../harness.ts';
import { bareMachine } from '../../helpers/bare-machine.ts';

const registry = await openRegistry(t);
/** Stands for a program: what is installed is run, and need not be progy. */
const PROGRAM = gzipSync('#!/bin/sh\necho "a program, called with $1"\n');
const SHA256 = createHash('sha256').update(PROGRAM).digest('hex');
const NAME = 'progy-0.1.0-linux-x64.gz';
const ONLY_LINUX_X64 = process.platform === 'linux' && process.arch === 'x64' ? false : 'the program is for linux-x64';

/** The script as it would be if the registry were where the test reaches it. */
async function installScript(): Promise<string> {
  return (await (await registry.fetch('/install.sh')).text()).replaceAll('http://registry.test', registry.url);
}

async function offerPrograms(): Promise<void> {
  const executables = [{ name: NAME, system: 'linux-x64', size: PROGRAM.length, sha256: SHA256 }];
  await registry.env.R2.put(`executables/${NAME}`, PROGRAM);
  await registry.env.R2.put('executables/index.json', JSON.stringify({ version: '0.1.0', executables }));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

t.test('the scripts are plain text with the address of the registry and the hash of its package', async (t) => {
  const { body } = await registry.json('/@progy/cli/latest');
  const { integrity } = body.dist as { integrity: string };
  const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  for (const path of ['/install.sh', '/install.ps1']) {
    const response = await registry.fetch(path);
    t.match(response.headers.get('content-type'), 'text/plain');
    const script = await response.text();
    for (const part of ["'http://registry.test'", `'${body.version}'`, `'${hex}'`]) t.ok(script.includes(part), part);
    t.notMatch(script, /@[A-Z0-9]+@/, `${path} has no marker left`);
  }
});

t.test('without Node, and without a program for the system, two lines say what to do', async (t) => {
  const machine = await bareMachine(t);
  const { code, stdout, stderr } = await machine.pipeToShell(await installScript());
  t.same([code, stdout], [1, '']);
  t.equal(
    stderr,
    'error progy needs Node.js 22.22 or newer, and it is not installed.\n' +
      'Next: install Node.js from https://nodejs.org/en/download, then run this again\n',
  );
  t.same(await readdir(machine.home), [], 'nothing was written');
});

t.test('the way to get Node is that of the system', async (t) => {
  const script = await installScript();
  const machine = await bareMachine(t);
  const hintWith = async (name: string) => {
    const stub = `${name}() { :; }\n`;
    return (await machine.pipeToShell(stub + script)).stderr.split('\n')[1];
  };
  t.equal(await hintWith('brew'), 'Next: brew install node');
  t.match(await hintWith('pacman'), 'sudo pacman -S nodejs npm');
  t.match(await hintWith('dnf'), 'sudo dnf install -y nodejs');
});

t.test('the list of programs is empty until the operator uploads some', async (t) => {
  t.same((await registry.json('/executables/')).body, { version: null, executables: [] });
  t.match(await registry.json(`/executables/${NAME}`), { status: 404, body: { code: 'NOT_FOUND' } });
  await offerPrograms();
  t.match((await registry.json('/executables/')).body, {
    version: '0.1.0',
    executables: [{ name: NAME, sha256: SHA256 }],
  });
});

t.test('a program comes with its checksum, in parts too, and the sweep leaves it alone', async (t) => {
  await registry.scheduled(new Date(Date.now() + 365 * 24 * 3_600_000));
  const response = await registry.fetch(`/executables/${NAME}`);
  t.equal(response.headers.get('x-checksum-sha256'), SHA256);
  t.same(Buffer.from(await response.arrayBuffer()), PROGRAM);
  const part = await registry.fetch(`/executables/${NAME}`, { headers: { Range: 'bytes=2-' } });
  t.same([part.status, Buffer.from(await part.arrayBuffer())], [206, PROGRAM.subarray(2)]);
  t.match(await registry.json('/executables/index.json'), { status: 404 }, 'only what is listed is served');
});

t.test('without Node, the program for the system is installed', { skip: ONLY_LINUX_X64 }, async (t) => {
  const machine = await bareMachine(t, 'curl');
  const { code, stdout, stderr } = await machine.pipeToShell(await installScript());
  t.equal(code, 0, stderr);
  t.match(stdout, /^progy [\d.]+ is installed: .*a home\/\.local\/bin\/progy\nNext: echo 'export PATH=/m);
  const ran = await machine.run('sh', '-c', '"$HOME/.local/bin/progy" here');
  t.equal(ran.stdout, 'a program, called with here\n');
  t.same(await readdir(join(machine.home, '.progy')), [], 'what was downloaded is gone');
});

t.test('other bytes than the registry lists are not installed', { skip: ONLY_LINUX_X64 }, async (t) => {
  for (const [hash, programs] of [
    [SHA256, ['curl']],
    [/SHA512='[0-9a-f]+'/, ['node']],
  ] as const) {
    const machine = await bareMachine(t, ...programs);
    const script = (await installScript()).replace(hash, (found) =>
      found.replace(/[0-9a-f](?='?$)/, (c) => (c === '0' ? '1' : '0')),
    );
    const { code, stderr } = await machine.pipeToShell(script);
    t.equal(code, 1);
    t.match(stderr, 'error What arrived is not what the registry has. Nothing was installed. Try again.\n');
    t.notOk(await exists(join(machine.home, '.local/bin/progy')));
    t.same(await readdir(join(machine.home, '.progy')), []);
  }
});

t.test('a script that arrives in part does nothing', async (t) => {
  const lines = (await installScript()).trimEnd().split('\n');
  const machine = await bareMachine(t, 'node');
  for (let count = 1; count < lines.length; count += 7) await runCut(t, lines.slice(0, count).join('\n'));
  await runCut(t, lines.slice(0, -1).join('\n'));
  t.same(await readdir(machine.home), []);

  async function runCut(t: Test, script: string): Promise<void> {
    t.equal((await machine.pipeToShell(script)).stdout, '');
  }
});

t.test('with Node the package is installed, and once more changes nothing', async (t) => {
  const machine = await bareMachine(t, 'node');
  const launcher = join(machine.home, '.local/bin/progy');
  const { version } = (await registry.json('/@progy/cli/latest')).body;
  for (const time of ['first', 'second']) {
    const { code, stdout, stderr } = await machine.pipeToShell(await installScript());
    t.equal(code, 0, stderr);
    t.match(stdout, `progy ${version} is installed: ${launcher}\n`, time);
    t.equal((await machine.run('sh', '-c', '"$HOME/.local/bin/progy" --version')).stdout, `${version}\n`);
    t.same(await readdir(join(machine.home, '.progy')), ['cli'], 'nothing else is left');
  }
  t.equal(await readFile(launcher, 'utf8'), '#!/bin/sh\nexec node "$HOME/.progy/cli/progy.js" "$@"\n');
});

t.test('where the folder is on the PATH, nothing is said about it', async (t) => {
  const machine = await bareMachine(t, 'node');
  machine.env.PATH = `${machine.bin}:${machine.home}/.local/bin`;
  t.match((await machine.pipeToShell(await installScript())).stdout, /\nNext: progy --help\n$/);
  t.match((await machine.run('sh', '-c', 'progy --version')).code, 0);
});
