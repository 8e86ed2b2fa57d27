// Owns the package's code: the CLI with everything that it uses inside it. Runs before `npm pack`; `node build.ts DIR` writes the whole package to DIR.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundle } from './build/bundle.ts';
import { noticesOf } from './build/notices.ts';
import packageJson from './package.json' with { type: 'json' };

const CLI = import.meta.dirname;
const COPIED = ['progy.js', 'LICENSE', 'README.md'];

await main(process.argv[2]);

async function main(wanted: string | undefined): Promise<void> {
  const folder = resolve(wanted ?? CLI);
  await writeBuilt(folder);
  if (folder !== CLI) await writeRest(folder);
}

async function writeBuilt(folder: string): Promise<void> {
  const { files, packages } = await bundle();
  const dist = join(folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  for (const { name, code } of files) await writeFile(join(dist, name), code);
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.md'), await noticesOf(packages));
}

/** What npm would pack beside it, with a package.json that says no more than those who install it need. */
async function writeRest(folder: string): Promise<void> {
  for (const name of COPIED) await cp(join(CLI, name), join(folder, name));
  const { devDependencies, scripts, files, ...manifest } = packageJson;
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
