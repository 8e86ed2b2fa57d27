// Owns reading small JSON bodies.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../app-env.ts';
import { bodyOf } from './request-body.ts';

/**
 * The JSON of a body, or undefined if it is none: the caller says what should have been there.
 * @throws {RegistryError} PAYLOAD_TOO_LARGE: before any of it is read, or, where no length is announced, as soon as it is too long.
 */
export async function readJson(c: AppContext, maxBytes: number): Promise<unknown> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new RegistryError('PAYLOAD_TOO_LARGE');
  if (c.req.raw.body === null) return undefined;
  const text = await readText(bodyOf(c.req.raw), maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, seen] = ['', 0];
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > maxBytes) throw new RegistryError('PAYLOAD_TOO_LARGE');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
