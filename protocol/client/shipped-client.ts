// Owns the facts about progy's package that a build records and a registry serves.
import * as z from 'zod';

/** Files of the folder that is shipped with the Worker. */
export const SHIPPED_FACTS = 'client.json';
export const SHIPPED_TARBALL = 'cli.tgz';

export const shippedClientSchema = z.object({
  /** The package's package.json, as it is in the tarball. */
  manifest: z.object({
    name: z.literal('@progy/cli'),
    version: z.string().regex(/^\d[\w.+-]{0,99}$/),
    description: z.string(),
    license: z.string(),
    type: z.string(),
    bin: z.record(z.string(), z.string()),
    engines: z.record(z.string(), z.string()),
  }),
  /** ISO 8601: when its sources last changed. Age gates of npm clients go by it. */
  builtAt: z.iso.datetime(),
  /** SRI sha512 of the tarball. */
  integrity: z.string().regex(/^sha512-[\w+/]{86}==$/),
  /** Hex sha1 of the tarball. */
  shasum: z.string().regex(/^[0-9a-f]{40}$/),
  /** Bytes of the tarball. */
  size: z.number(),
  fileCount: z.number(),
  /** Bytes. */
  unpackedSize: z.number(),
});

export type ShippedClient = Readonly<z.infer<typeof shippedClientSchema>>;
