// Owns the standalone programs of progy that the operator has uploaded, for machines without Node.
import { type Executable, type Executables, executablesSchema } from '@progy/protocol/client/executables.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import type { RegistryContext } from '../../context.ts';
import { EXECUTABLES_LIST_KEY, executableKey } from '../../storage/artifact-key.ts';
import type { ByteRange } from '../../storage/artifacts.ts';

const MAX_LIST_BYTES = 16 * 1024;

/** The programs on offer; none if the operator has uploaded none. @throws {Error} for a list that cannot be read. */
export async function readExecutables({ artifacts }: RegistryContext): Promise<Executables> {
  const text = await artifacts.text(EXECUTABLES_LIST_KEY, MAX_LIST_BYTES);
  return text === undefined ? { version: null, executables: [] } : executablesSchema.parse(JSON.parse(text));
}

/** @throws {RegistryError} NOT_FOUND for a name that is not on the list. */
export async function findExecutable(context: RegistryContext, name: string): Promise<Executable> {
  const { executables } = await readExecutables(context);
  const found = executables.find((executable) => executable.name === name);
  if (found !== undefined) return found;
  throw new RegistryError('NOT_FOUND', `There is no program ${quote(name)}. /executables/ lists those there are`);
}

/** Opens a program's bytes. @throws {RegistryError} ARTIFACT_MISSING. */
export function openExecutable(
  { artifacts }: RegistryContext,
  { name, size }: Executable,
  range: ByteRange | undefined,
): Promise<ReadableStream> {
  return artifacts.open(executableKey(name), size, range);
}
