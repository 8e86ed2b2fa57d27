// Owns the files that are deployed beside the Worker: progy itself, and the scripts that install it.
import type { Fetcher } from '@cloudflare/workers-types';

/** Files of less than a megabyte in all; an isolate reads each once. */
export interface ShippedFiles {
  /** @throws {Error} for a file that was not deployed: the operator's mistake, answered as 500 and logged. */
  read(name: string): Promise<Uint8Array>;
}

/** @param origin of the registry: on a developer's machine, what is shipped is made for it. */
export function openShippedFiles(assets: Fetcher, origin: string): ShippedFiles {
  const known = new Map<string, Uint8Array>();
  return {
    async read(name) {
      const bytes = known.get(name) ?? (await fetchFile(assets, origin, name));
      known.set(name, bytes);
      return bytes;
    },
  };
}

async function fetchFile(assets: Fetcher, origin: string, name: string): Promise<Uint8Array> {
  const response = await assets.fetch(`${origin}/${name}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return bytes;
  throw new Error(`${name} was not deployed with the Worker (status ${response.status}): deploy with npm run deploy`);
}
