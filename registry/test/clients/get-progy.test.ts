// Getting progy in an empty home with nothing but Node: three ways, each of which starts a course from the registry that it came from.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { progyFrom } from '@progy/protocol/client/progy-command.ts';
import t, { type Test } from 'tap';
import { type BareMachine, bareMachine } from '../helpers/bare-machine.ts';
import { openStarted } from '../helpers/started-registry.ts';

const registry = await openStarted(t, { seed: true });
const WITHOUT_SIGSTORE = fileURLToPath(new URL('helpers/without-sigstore.cjs', import.meta.url));
const SCOPED = `--@progy:registry=${registry.url}`;

/** Runs the words of a command line. */
function typed(machine: BareMachine, line: string) {
  const [program = '', ...args] = line.split(' ');
  return machine.run(program, ...args);
}

/** Starts a course without naming the registry, and looks at what came. */
async function startsCourse(t: Test, machine: BareMachine, command: string): Promise<void> {
  const { code, stderr, stdout } = await typed(machine, `${command} init @diego/rust-mastery --json`);
  t.equal(code, 0, stderr + stdout);
  t.match(JSON.parse(stdout), { success: true, name: '@diego/rust-mastery', registry: registry.url });
  t.match(await readFile(join(machine.home, 'rust-mastery/course.json'), 'utf8'), '@diego/rust-mastery');
}

t.test('npx, as it is printed', async (t) => {
  const machine = await bareMachine(t, 'node', 'git');
  await startsCourse(t, machine, progyFrom(registry.url));
  const { code, stderr } = await typed(machine, `${progyFrom(registry.url)} whoami`);
  t.equal(code, 1);
  t.ok(stderr.includes(`\nNext: Sign in with: ${progyFrom(registry.url)} login\n`), stderr);
});

t.test('npm install --global', async (t) => {
  const machine = await bareMachine(t, 'node', 'git');
  const prefix = join(machine.home, '.npm-global');
  const { code, stderr } = await machine.run('npm', 'install', '--global', '--prefix', prefix, SCOPED, '@progy/cli');
  t.equal(code, 0, stderr);
  machine.env.PATH += `:${prefix}/bin`;
  await startsCourse(t, machine, `env progy`);
  t.match((await typed(machine, 'env progy whoami')).stderr, '\nNext: Sign in with: progy login\n');
});

t.test('install.sh', async (t) => {
  const machine = await bareMachine(t, 'node', 'git', 'curl');
  const { code, stderr } = await machine.run('sh', '-c', `curl -fsSL ${registry.url}/install.sh | sh`);
  t.equal(code, 0, stderr);
  machine.env.PATH += `:${machine.home}/.local/bin`;
  await startsCourse(t, machine, `env progy`);
});

t.test('in a home without Node, install.sh says what to do', async (t) => {
  const machine = await bareMachine(t, 'curl');
  const { code, stderr } = await machine.run('sh', '-c', `curl -fsSL ${registry.url}/install.sh | sh`);
  t.equal(code, 1);
  t.match(stderr, /^error progy needs Node\.js 22\.22 or newer, and it is not installed\.\nNext: .*\n$/);
});

t.test('npm audit signatures verifies it', async (t) => {
  const machine = await bareMachine(t, 'node');
  await writeFile(join(machine.home, 'package.json'), '{"private":true}');
  await writeFile(join(machine.home, '.npmrc'), `@progy:registry=${registry.url}/\n`);
  const installed = await machine.run('npm', 'install', '@progy/cli', '--no-audit');
  t.equal(installed.code, 0, installed.stderr);
  machine.env.NODE_OPTIONS = `--require ${WITHOUT_SIGSTORE}`;
  const { code, stdout, stderr } = await machine.run('npm', 'audit', 'signatures');
  t.equal(code, 0, stderr);
  t.match(stdout, /\n1 package has a verified registry signature\n/);
});
