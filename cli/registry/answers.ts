// Owns reading what a registry answers: our JSON or an error from the table, whatever proxy is in between.
import { type ErrorCode, isErrorCode, RegistryError } from '@progy/protocol/errors.ts';
import { foreignErrorSchema } from '@progy/protocol/wire/error-body.ts';
import type * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { retryAfterSeconds } from '../network/retry.ts';

/** An answer with its body read. */
export interface RawAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly text: string;
}

export type AnswerBody = Readonly<Record<string, unknown>>;

/** No answer of the registry to the CLI is longer: /registry/resolve has about 700 bytes for each version. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Characters of a field's name that a sentence quotes. */
const MAX_SHOWN = 100;

/**
 * The JSON object of a successful answer.
 * @param registry its address, for sentences and as evidence.
 * @throws {RegistryError} of the table; {CliError} NOT_A_REGISTRY for redirects, web pages and other strangers.
 */
export function readAnswer(answer: RawAnswer, registry: string): AnswerBody {
  if (answer.status >= 300 && answer.status < 400) throw moved(answer, registry);
  const body = tryJson(answer.text);
  if (answer.status >= 400) throw errorIn(answer, registry);
  if (body === undefined) throw notARegistry(answer, registry);
  return body;
}

/**
 * Parses an answer as a document. Unknown fields are allowed: newer registries send more.
 * @throws {CliError} NOT_A_REGISTRY, naming the first field that is missing or wrong.
 */
export function readDocument<Schema extends z.ZodType>(
  schema: Schema,
  body: AnswerBody,
  registry: string,
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path ?? [];
  const field = path.join('.').slice(0, MAX_SHOWN);
  const fault = valueAt(body, path) === undefined ? `without "${field}"` : `with an unexpected "${field}"`;
  throw new CliError('NOT_A_REGISTRY', `${registry} answered ${fault}`);
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], body);
}

/** Reads a body as text. @throws {CliError} NOT_A_REGISTRY if it is longer than any answer. */
export async function readText(body: AsyncIterable<Uint8Array>, registry: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new CliError('NOT_A_REGISTRY', `The answer from ${registry} is too large`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The error that an answer with a status from 400 on tells. */
export function errorIn(answer: RawAnswer, registry: string): RegistryError | CliError {
  if (answer.status === 407) return new CliError('PROXY', 'The proxy asks for a name and a password');
  const { error, message, code: named, ...evidence } = foreignErrorSchema.parse(tryJson(answer.text) ?? {});
  const code = isErrorCode(named) ? named : codeForStatus(answer.status);
  if (code === undefined) return notARegistry(answer, registry);
  const sentence = error ?? message;
  const wait = retryAfterSeconds(answer.header('retry-after'));
  return new RegistryError(code, sentence, {
    ...evidence,
    registry,
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  });
}

/** What an answer without one of our codes means: a proxy, the edge or another registry wrote it. */
function codeForStatus(status: number): ErrorCode | undefined {
  // A guest network asks to sign in to it first (RFC 6585).
  if (status === 511) return undefined;
  const known: Partial<Record<number, ErrorCode>> = {
    401: 'UNAUTHORIZED',
    403: 'FORBIDDEN',
    404: 'NOT_FOUND',
    409: 'VERSION_EXISTS',
    413: 'PAYLOAD_TOO_LARGE',
    429: 'RATE_LIMITED',
    500: 'INTERNAL',
  };
  return known[status] ?? (status > 500 ? 'UNAVAILABLE' : undefined);
}

function moved(answer: RawAnswer, registry: string): CliError {
  return redirected(registry, URL.parse(answer.header('location') ?? '', registry)?.origin);
}

/** The refusal of a redirect. @param location origin of the other address; undefined if it is none. */
export function redirected(registry: string, location: string | undefined): CliError {
  return new CliError(
    'NOT_A_REGISTRY',
    `${registry} redirects to ${location ?? 'another address'}, and passwords and tokens are never sent to another address`,
    location === undefined ? undefined : `If you trust that address, use it: --registry ${location}`,
  );
}

function notARegistry(answer: RawAnswer, registry: string): CliError {
  const kind = /html/i.test(answer.header('content-type') ?? '') ? 'a web page' : 'something unexpected';
  return new CliError(
    'NOT_A_REGISTRY',
    `${registry} is not a registry: it answered with ${kind} (status ${answer.status})`,
  );
}

function tryJson(text: string): AnswerBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AnswerBody) : undefined;
  } catch {
    return undefined;
  }
}
