// Owns package/.progy/files.json of a tarball: every course file with its hash, so that an unpacked tree can be verified.
import * as z from 'zod';
import type { Unsound } from '../archive-error.ts';
import type { HashedEntry } from '../course/tree-hash.ts';
import { storedName } from './tarball-layout.ts';

/** Largest list in bytes: 20,000 files with the longest paths that fit into a 5 MiB zip directory, some twice. */
export const MAX_FILE_LIST_BYTES = 16 * 1024 * 1024;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const fileListSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  tree: sha256,
  files: z.array(
    z.strictObject({
      path: z.string(),
      mode: z.enum(['100644', '100755']),
      size: z.int().nonnegative(),
      sha256,
      stored: z.string().optional(),
    }),
  ),
});

/**
 * The list: `name` and `version` of the course, its tree hash, and its files in the order of the tarball.
 * `stored` is where a file is below `package/` if not under its own path.
 */
export type FileList = z.infer<typeof fileListSchema>;

/** JSON with one file a line: readable, and a quarter smaller than fully indented. */
export function printFileList(
  list: Omit<FileList, 'format' | 'files'> & { files: readonly HashedEntry[] },
): Uint8Array {
  const head = Object.entries({ format: 1, name: list.name, version: list.version, tree: list.tree });
  const fields = head.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const files = list.files.map((file) => `    ${JSON.stringify(toListed(file))}`);
  return new TextEncoder().encode(`{\n${fields.join(',\n')},\n  "files": [\n${files.join(',\n')}\n  ]\n}\n`);
}

function toListed({ path, mode, size, sha256 }: HashedEntry): FileList['files'][number] {
  const stored = storedName(path);
  return { path, mode, size, sha256, ...(stored === undefined ? {} : { stored }) };
}

/**
 * Reads a list.
 * @throws {RegistryError} INVALID_ARTIFACT if it is not JSON of this shape.
 */
export function parseFileList(bytes: Uint8Array, unsound: Unsound): FileList {
  try {
    return fileListSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw unsound('has a list of files that cannot be read', undefined, cause);
  }
}
