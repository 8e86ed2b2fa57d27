// Real clients, each doing everything that it can do, against the running registry. Prints the table.
import t, { type Test } from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { temporaryFolder } from '../clients/helpers/folders.ts';
import { freshEnvironment, runProgram } from '../clients/helpers/run-program.ts';
import { packCourse, signIn } from '../harness.ts';
import { openStarted } from '../helpers/started-registry.ts';
import { ROWS } from './commands/rows.ts';
import { type Client, listClients } from './helpers/clients.ts';
import { installClients } from './helpers/installed-clients.ts';
import { type Cells, readTable, saveTable, toMarkdown } from './helpers/table.ts';

const [registry, modules] = await Promise.all([openStarted(t, { seed: true }), installClients()]);
const clients = await listClients(modules);
const diego = await newToken();
const npm = clients.find(({ folder }) => folder === 'npm-11') as Client;
const cells: Cells = new Map(ROWS.map(({ title }) => [title, new Map()]));
let courses = 0;

t.jobs = 2;
await Promise.all(clients.map((client) => t.test(client.label, { buffered: true }, (t) => tryRows(t, client))));

async function tryRows(t: Test, client: Client): Promise<void> {
  await checkVersion(t, client);
  const desk = {
    client,
    dialect: client.dialect(registry.url),
    registry,
    npm: npm.program,
    diego,
    newToken,
    publishNew,
  };
  for (const { title, run } of ROWS) {
    await t.test(title, async (t) => {
      const cell = await run(t, desk);
      if (t.passing()) cells.get(title)?.set(client.label, cell);
    });
  }
}

t.test('the table in docs/clients.md is what the clients did', async (t) => {
  const table = toMarkdown(
    cells,
    clients.map(({ label }) => label),
    registry.url,
  );
  t.comment(table);
  const isComplete = [...cells.values()].every(({ size }) => size === clients.length);
  if (!isComplete) return t.pass('the table', { skip: 'a part of it was not tried, or failed' });
  if (process.env.UPDATE_CLIENTS_TABLE) await saveTable(table);
  t.equal(await readTable(), table, 'npm run test:clients:update writes it');
});

async function checkVersion(t: Test, { label, program }: Client): Promise<void> {
  const home = await temporaryFolder(t);
  const { stdout } = await runProgram(program, ['--version'], { cwd: home, env: freshEnvironment(home) });
  t.match(
    label,
    new RegExp(` ${stdout.trim().replaceAll('.', '\\.')}$`),
    'the version that its column names, or remove .clients',
  );
}

async function newToken(): Promise<string> {
  return String((await signIn(registry.json, 'diego', SEED_PASSWORD)).body.token);
}

async function publishNew(versions: readonly string[], course: Record<string, unknown> = {}): Promise<string> {
  const name = `@diego/known-${++courses}`;
  for (const version of versions) {
    const { status, body } = await registry.publish(diego, await packCourse(name, version, { course }));
    if (status !== 201) throw new Error(`Not published: ${body.error}`);
  }
  return name;
}
