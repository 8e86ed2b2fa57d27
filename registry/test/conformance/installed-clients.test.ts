// The folder that the clients are installed into: whole or absent, whatever happened before.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { temporaryFolder } from '../clients/helpers/folders.ts';
import { installClients } from './helpers/installed-clients.ts';

/** A list of one client, which lies on this machine, if at all, and so needs no network. */
async function listOf(t: Test, client: 'client' | 'missing.tgz' = 'client'): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'client'));
  await writeFile(join(folder, 'client/package.json'), '{ "name": "client", "version": "1.0.0" }');
  const list = join(folder, 'clients.json');
  await writeFile(list, JSON.stringify({ name: 'list', dependencies: { client: `file:${join(folder, client)}` } }));
  return list;
}

t.test('clients are installed once, and found again', async (t) => {
  const [list, cache] = [await listOf(t), await temporaryFolder(t)];
  const modules = await installClients(list, cache);
  t.match(await readFile(join(modules, 'client/package.json'), 'utf8'), '"client"');
  await writeFile(join(modules, 'still-there'), '');
  t.equal(await installClients(list, cache), modules);
  t.ok((await readdir(modules)).includes('still-there'), 'nothing is installed anew');
});

t.test('what an installation left that was cut off is not taken for clients', async (t) => {
  const [list, cache, elsewhere] = [await listOf(t), await temporaryFolder(t), await temporaryFolder(t)];
  const folder = join(await installClients(list, elsewhere), '..').replace(elsewhere, cache);
  await mkdir(join(`${folder}.installing`, 'node_modules/half'), { recursive: true });
  const modules = await installClients(list, cache);
  t.equal(modules, join(folder, 'node_modules'));
  t.strictSame(
    (await readdir(modules)).filter((name) => !name.startsWith('.')),
    ['client'],
  );
});

t.test('an installation that fails says why, and the next one starts anew', async (t) => {
  const [list, cache] = [await listOf(t, 'missing.tgz'), await temporaryFolder(t)];
  await t.rejects(installClients(list, cache), { message: /npm could not install the clients:\n.*npm error/s });
  t.ok((await readdir(cache)).every((name) => name.endsWith('.installing')));
  await t.rejects(installClients(list, cache), { message: /npm could not install the clients/ });
});
