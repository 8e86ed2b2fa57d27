// Owns reading what npm clients PUT to a package: the JSON as a whole, the tarballs in it as streams.
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { bodyOf } from '../../http/request-body.ts';
import { type AttachmentEvent, AttachmentScanner } from './publish/attachment-scanner.ts';
import { Base64Decoder } from './publish/base64-decoder.ts';

/** A packument of 500 versions, which npm sends back whole to deprecate one, has 700 KB. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** Entries of a list or object in a document: more versions than {@link MAX_DOCUMENT_BYTES} of a packument can hold. */
const MAX_ENTRIES = 20_000;

/** A document, and the results of receiving its attachments, whose data is '' in the document. */
export interface PackageDocument<T> {
  json: Record<string, unknown>;
  attachments: readonly T[];
}

/** Takes the bytes of an attachment as they arrive. */
export type ReceiveAttachment<T> = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<T>;

type Events = AsyncGenerator<AttachmentEvent, void>;

/**
 * Reads a document. Stops at the first failure and leaves the rest of the body unread.
 * @throws {RegistryError} INVALID_REQUEST for what is not a JSON object; PAYLOAD_TOO_LARGE; what `receive` throws.
 */
export async function readPackageDocument<T>(
  request: Request,
  receive: ReceiveAttachment<T>,
): Promise<PackageDocument<T>> {
  const scanner = new AttachmentScanner(MAX_DOCUMENT_BYTES);
  const events = eventsOf(request, scanner);
  const attachments: T[] = [];
  try {
    for (let event = await nextOf(events); event !== undefined; event = await nextOf(events)) {
      if (event.kind === 'attachment') attachments.push(await receive(event.name, bytesOf(events)));
    }
  } finally {
    await events.return();
  }
  const json = parseObject(scanner.text());
  checkEntries(json);
  return { json, attachments };
}

/** Reporting an invalid entry costs a hundred times its own bytes. */
function checkEntries(json: Record<string, unknown>): void {
  const crowded = Object.keys(json).find((key) => countOf(json[key]) > MAX_ENTRIES);
  if (crowded === undefined) return;
  const path = quote(crowded);
  throw new RegistryError('INVALID_REQUEST', `"${path}" has more than ${MAX_ENTRIES} entries`, { path });
}

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

async function* eventsOf(request: Request, scanner: AttachmentScanner): Events {
  for await (const chunk of bodyOf(request)) yield* scanner.scan(chunk);
}

async function nextOf(events: Events): Promise<AttachmentEvent | undefined> {
  const { value, done } = await events.next();
  return done ? undefined : value;
}

async function* bytesOf(events: Events): AsyncIterable<Uint8Array> {
  const decoder = new Base64Decoder();
  for (let event = await nextOf(events); event?.kind !== 'attachment-end'; event = await nextOf(events)) {
    if (event?.kind !== 'base64') throw notJson('The document ends in the middle of an attachment');
    yield decoder.decode(event.bytes);
  }
  decoder.end();
}

function parseObject(text: string): Record<string, unknown> {
  const json = parseJson(text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw notJson('The body is not a JSON object');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson('The body is not JSON', cause);
  }
}

function notJson(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_REQUEST', problem, {}, { cause });
}
