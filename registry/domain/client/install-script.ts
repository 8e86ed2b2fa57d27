// Owns the scripts that install progy, with what they need to know about this registry written into them.
import type { Executable } from '@progy/protocol/client/executables.ts';
import type { RegistryContext } from '../../context.ts';
import { findClient } from './clients.ts';
import { readExecutables } from './executables.ts';

/**
 * The text of a script.
 * @param file name of the shipped file.
 */
export async function readInstallScript(context: RegistryContext, file: string): Promise<string> {
  const [script, { version, integrity }, { executables }] = await Promise.all([
    context.shipped.read(file),
    findClient(context, 'latest'),
    readExecutables(context),
  ]);
  const values: Record<string, string> = {
    ORIGIN: context.settings.origin,
    VERSION: version,
    SHA512: hexOf(integrity),
    PROGRAMS: executables.map(lineOf).join('\n'),
  };
  // Each value is of letters, digits and a few signs that quotes of both shells leave alone: see their schemas.
  return new TextDecoder().decode(script).replace(/@([A-Z0-9]+)@/g, (marker, name) => values[name] ?? marker);
}

function lineOf({ system, name, sha256 }: Executable): string {
  return `${system} ${name} ${sha256}`;
}

/** @param integrity SRI sha512. */
function hexOf(integrity: string): string {
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
}
