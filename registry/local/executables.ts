// Owns `npm run executables`: builds the standalone programs of progy, and uploads them to the bucket that the registry serves them from.
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Executables, SYSTEMS } from '@progy/protocol/client/executables.ts';
import { unstable_readConfig } from 'wrangler';
import { EXECUTABLES_LIST_KEY, executableKey } from '../storage/artifact-key.ts';
import { buildExecutables, type System } from './build/executables.ts';
import { CONFIG, ROOT, wrangler } from './build/wrangler.ts';

const USAGE = `npm run executables -- [options]

  --remote           for the registry in wrangler.toml, into its bucket on Cloudflare
  --state DIR        into the local bucket of npm start (.wrangler/state)
  --origin URL       registry that the programs ask (http://localhost:8787; with --remote PUBLIC_ORIGIN)
  --system NAME      one of ${SYSTEMS.join(', ')}; may be repeated (all)
  --no-upload        only build them`;

const FOLDER = join(ROOT, 'dist/executables');
const { vars, r2_buckets: buckets } = unstable_readConfig({ config: CONFIG });

const values = readOptions();
if (values.help) console.log(USAGE);
else await main();

function readOptions() {
  try {
    const { values: read } = parseArgs({
      allowNegative: true,
      options: {
        remote: { type: 'boolean', default: false },
        state: { type: 'string', default: '.wrangler/state' },
        origin: { type: 'string' },
        system: { type: 'string', multiple: true, default: [...SYSTEMS] },
        upload: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
    });
    return { ...read, systems: read.system.map(systemNamed) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const { systems } = values;
  const origin = values.origin ?? (values.remote ? String(vars.PUBLIC_ORIGIN) : 'http://localhost:8787');
  const list = await buildExecutables(FOLDER, { origin: new URL(origin).origin, systems });
  await writeFile(join(FOLDER, 'index.json'), JSON.stringify(list, null, 2));
  for (const { name, size, sha256 } of list.executables) console.log(`${sha256}  ${name}  ${size} bytes`);
  if (values.upload) await upload(list);
}

function systemNamed(name: string): System {
  const found = SYSTEMS.find((system) => system === name);
  if (found === undefined) throw new Error(`There is no system "${name}"`);
  return found;
}

/** The list comes last: it never names a program that is not there. */
async function upload({ executables }: Executables): Promise<void> {
  for (const { name } of executables) await put(executableKey(name), join(FOLDER, name));
  await put(EXECUTABLES_LIST_KEY, join(FOLDER, 'index.json'));
  console.log(`Uploaded to ${values.remote ? 'Cloudflare' : values.state}. The registry lists them at /executables/`);
}

function put(key: string, file: string): Promise<void> {
  const where = values.remote ? ['--remote'] : ['--local', '--persist-to', resolve(values.state)];
  return wrangler(['r2', 'object', 'put', `${buckets[0]?.bucket_name}/${key}`, '--file', file, ...where]);
}
