// Owns writing what is shipped beside the Worker, for the address in wrangler.toml: `npm run deploy` uploads it.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { shippedFiles } from './build/client-package.ts';
import { CONFIG, SHIPPED_FOLDER } from './build/wrangler.ts';

const { vars } = unstable_readConfig({ config: CONFIG });
const files = await shippedFiles(new URL(String(vars.PUBLIC_ORIGIN)).origin);
await rm(SHIPPED_FOLDER, { recursive: true, force: true });
await mkdir(SHIPPED_FOLDER, { recursive: true });
for (const [name, bytes] of Object.entries(files)) await writeFile(join(SHIPPED_FOLDER, name), bytes);
console.log(`Packed progy for ${vars.PUBLIC_ORIGIN}: ${Object.keys(files).join(', ')}`);
