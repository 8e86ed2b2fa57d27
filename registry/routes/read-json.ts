// Owns reading small JSON bodies.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../app-env.ts';

/**
 * The JSON of a body, or undefined if it is none: the caller says what should have been there.
 * @throws {RegistryError} PAYLOAD_TOO_LARGE, before any of it is read.
 */
export async function readJson(c: AppContext, maxBytes: number): Promise<unknown> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new RegistryError('PAYLOAD_TOO_LARGE');
  return c.req.json().catch(() => undefined);
}
