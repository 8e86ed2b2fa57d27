// Owns reading small bodies as text, and the forms in them.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../app-env.ts';
import { bodyOf } from './request-body.ts';

/**
 * The text of a body, '' without one.
 * @throws {RegistryError} PAYLOAD_TOO_LARGE: before any of it is read, or, without a Content-Length, as soon as it is too long.
 */
export async function readText(c: AppContext, maxBytes: number): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new RegistryError('PAYLOAD_TOO_LARGE');
  if (c.req.raw.body === null) return '';
  const decoder = new TextDecoder();
  let [text, seen] = ['', 0];
  for await (const chunk of bodyOf(c.req.raw)) {
    seen += chunk.length;
    if (seen > maxBytes) throw new RegistryError('PAYLOAD_TOO_LARGE');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The fields of a form as browsers and OAuth send it, or undefined if the body is not a form. @throws {RegistryError} PAYLOAD_TOO_LARGE. */
export async function readFields(c: AppContext, maxBytes: number): Promise<Record<string, string> | undefined> {
  const text = await readText(c, maxBytes);
  if (!c.req.header('content-type')?.includes('x-www-form-urlencoded')) return undefined;
  return Object.fromEntries(new URLSearchParams(text));
}
