// What `npm run deploy` and `npm run executables` make of progy, as far as it needs no network.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { shippedClientSchema } from '@progy/protocol/client/shipped-client.ts';
import t from 'tap';
import { shippedFiles } from '../../local/build/client-package.ts';
import { SHIPPED_FOLDER } from '../../local/build/wrangler.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);
const runNode = (...args: string[]) => run(process.execPath, args, { cwd: ROOT });

t.test('what is deployed beside the Worker is for the address in wrangler.toml', async (t) => {
  const { stdout } = await runNode('registry/local/write-shipped.ts');
  const [, origin = ''] = /PUBLIC_ORIGIN = "(.*)"/.exec(await readFile(join(ROOT, 'wrangler.toml'), 'utf8')) ?? [];
  t.match(stdout, `Packed progy for ${origin}: `);
  for (const [name, bytes] of Object.entries(await shippedFiles(origin))) {
    t.ok((await readFile(join(SHIPPED_FOLDER, name))).equals(bytes), name);
  }
  const facts = JSON.parse(await readFile(join(SHIPPED_FOLDER, 'client.json'), 'utf8'));
  t.match(shippedClientSchema.parse(facts), { manifest: { name: '@progy/cli' } });
});

t.test('a command line of npm run executables that makes no sense is answered with the usage', async (t) => {
  for (const args of [['--system', 'amiga'], ['--nothing'], ['extra']]) {
    const failed = runNode('registry/local/executables.ts', ...args);
    await t.rejects(failed, { code: 2, stderr: /npm run executables -- \[options\]/ }, args.join(' '));
  }
});
