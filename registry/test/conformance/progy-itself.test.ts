// progy as clients get it: once from its registry without installing it, and in a class from the lockfile.
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import t, { type Test } from 'tap';
import { type Ended, runProgram } from '../clients/helpers/run-program.ts';
import { openStarted } from '../helpers/started-registry.ts';
import { said } from './helpers/cell.ts';
import { type Client, listClients } from './helpers/clients.ts';
import { type Seat, studentAt } from './helpers/desk.ts';
import { installClients } from './helpers/installed-clients.ts';

// Some clients hold back what is less than a day old: this one was built long ago.
process.env.SOURCE_DATE_EPOCH = '1760000000';
const [registry, modules] = await Promise.all([openStarted(t), installClients()]);
const { version } = (await registry.json('/@progy/cli/latest')).body as { version: string };
const R = registry.url;
const clients = await listClients(modules);

/** What a person types to run progy once, up to its arguments. Without an entry, the client has no such command. */
const ONCE: Readonly<Record<string, readonly string[]>> = {
  'npm-10': ['exec', '--yes', `--@progy:registry=${R}`, '--', '@progy/cli'],
  'npm-11': ['exec', '--yes', `--@progy:registry=${R}`, '--', '@progy/cli'],
  'npm-12': ['exec', '--yes', `--@progy:registry=${R}`, '--', '@progy/cli'],
  'pnpm-10': [`--config.registry=${R}`, 'dlx', '@progy/cli'],
  'pnpm-12': [`--config.registry=${R}`, 'dlx', '@progy/cli'],
  'yarn-4': ['dlx', '--quiet', '-p', `@progy/cli@${R}/progy.tgz`, 'progy'],
  bun: ['x', '--registry', R, '-p', '@progy/cli', 'progy'],
};

for (const client of clients) {
  const once = ONCE[client.folder];
  if (once !== undefined) t.test(`${client.label} runs it once`, (t) => runsOnce(t, client, once));
  t.test(`${client.label} installs it in a class, and again from the lockfile`, (t) => pins(t, client));
}

function seatFor(t: Test, client: Client): Promise<Seat> {
  const npm = clients.find(({ folder }) => folder === 'npm-11') as Client;
  return studentAt(t, { client, registry, npm: npm.program });
}

async function runsOnce(t: Test, client: Client, once: readonly string[]): Promise<void> {
  const seat = await seatFor(t, client);
  // For a registry without https, such as this one.
  seat.env.YARN_UNSAFE_HTTP_WHITELIST = 'localhost';
  const ended = await seat.use([...once, '--version'], { cwd: seat.home });
  t.equal(ended.stdout.trim().split('\n').at(-1), version, said(ended));
}

async function pins(t: Test, client: Client): Promise<void> {
  const [first, second] = [await seatFor(t, client), await seatFor(t, client)];
  for (const seat of [first, second]) await addScope(seat, client);
  const { add, frozen } = client.dialect(R);
  succeeds(t, await first.use(add(['@progy/cli'])), 'the instructor adds it');
  t.equal((await installed(first)).stdout, `${version}\n`);
  for (const name of ['package.json', client.lockfile]) {
    await cp(join(first.classroom, name), join(second.classroom, name));
  }
  succeeds(t, await second.use(frozen), 'the next laptop installs it');
  t.equal((await installed(second)).stdout, `${version}\n`);
}

function succeeds(t: Test, ended: Ended, fact: string): void {
  t.equal(ended.code, 0, fact, { said: said(ended) });
}

/** Runs what was installed. */
function installed({ classroom, env }: Seat): Promise<Ended> {
  const bin = join(classroom, 'node_modules/.bin');
  return runProgram(['progy'], ['--version'], {
    cwd: classroom,
    env: { ...env, PATH: `${bin}${delimiter}${env.PATH}` },
  });
}

/** Adds the scope of progy to the class files, as those of the courses are there. */
async function addScope({ classroom }: Seat, { files }: Client): Promise<void> {
  if (files.includes('.npmrc')) await appendFile(join(classroom, '.npmrc'), `\n@progy:registry=${R}/\n`);
  if (!files.includes('.yarnrc.yml')) return;
  const yarnrc = join(classroom, '.yarnrc.yml');
  const text = await readFile(yarnrc, 'utf8');
  await writeFile(yarnrc, text.replace('npmScopes:', `npmScopes:\n  progy:\n    npmRegistryServer: "${R}"`));
}
