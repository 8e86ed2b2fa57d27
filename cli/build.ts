// Owns the package's code: the CLI with everything that it uses inside it. Runs before `npm pack`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './build/bundle.ts';
import { noticesOf } from './build/notices.ts';

const DIST = join(import.meta.dirname, 'dist');

const { files, packages } = await bundle();
await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
for (const { name, code } of files) await writeFile(join(DIST, name), code);
await writeFile(join(import.meta.dirname, 'THIRD-PARTY-NOTICES.md'), await noticesOf(packages));
