// Owns the list of standalone programs of progy that a registry offers, for machines without Node.
import * as z from 'zod';

export const EXECUTABLES_PATH = '/executables/';

/** Systems that a program can be for, as `os-cpu`. */
export const SYSTEMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'windows-x64'] as const;

const executableSchema = z.object({
  /** Also the last part of its address: `progy-0.1.0-linux-x64.gz`. */
  name: z.string().regex(/^progy-[\w.-]{1,100}\.gz$/),
  system: z.enum(SYSTEMS),
  /** Bytes of the gzip file. */
  size: z.number().int().positive(),
  /** Hex, of the gzip file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What `GET /executables/` answers. */
export const executablesSchema = z.object({
  /** The version of progy; null if this registry offers no programs. */
  version: z.string().nullable(),
  executables: z.array(executableSchema).max(SYSTEMS.length),
});

export type Executable = Readonly<z.infer<typeof executableSchema>>;
export type Executables = Readonly<z.infer<typeof executablesSchema>>;
