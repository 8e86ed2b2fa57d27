// Owns reading the publish form as a stream: one file part, at most one metadata part, in either order.
import { once } from 'node:events';
import { addAbortSignal, type Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { RegistryError } from '@progy/protocol/errors.ts';
import { type Claim, parseClaim } from '../../domain/publish-claim.ts';
import type { ReadForm, Receive } from '../../domain/publish-version.ts';

/** Parts beyond these make the form suspect: a client that means well sends two. */
const LIMITS = { fieldSize: 256 * 1024, fields: 8, files: 1, parts: 9, headerPairs: 20, headerSize: 4 * 1024 };

type FormResult = Awaited<ReturnType<ReadForm>>;

/**
 * Feeds the body to the form parser with back-pressure; the file's bytes go straight to `receive`.
 * The first thing that fails ends it: the rest of the body is not read, and `receive` has ended when this returns.
 * @throws {RegistryError} INVALID_REQUEST for a body that is not such a form; what `receive` and the metadata throw.
 */
export async function readPublishForm(request: Request, receive: Receive): Promise<FormResult> {
  const parser = openParser(request);
  const stop = new AbortController();
  const parts = new FormParts(receive, stop.signal);
  try {
    const [result] = await Promise.all([parts.collect(parser), feed(request, parser, stop.signal)]);
    return result;
  } finally {
    stop.abort();
    parser.destroy();
    await parts.settled();
  }
}

function openParser(request: Request): BusboyInstance {
  try {
    const headers = { 'content-type': request.headers.get('content-type') ?? '' } as BusboyHeaders;
    // Clients disagree on whether metadata is a field or a small file; the part's name decides.
    return new Busboy({ headers, limits: LIMITS, isPartAFile: (name) => name === 'file' });
  } catch (cause) {
    throw invalidForm('Publishing takes multipart/form-data with the parts "metadata" and "file"', cause);
  }
}

/** Pushes the body into the parser, waiting whenever the parser's reader is behind. */
async function feed(request: Request, parser: BusboyInstance, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      if (signal.aborted) return;
      if (!parser.write(chunk)) await once(parser, 'drain', { signal });
    }
    parser.end();
  } catch (cause) {
    if (!signal.aborted) throw invalidForm('The upload ended early', cause);
  }
}

/** The parts of one form as they arrive. After the signal nothing more is taken. */
class FormParts {
  readonly #receive: Receive;
  readonly #signal: AbortSignal;
  #claim: Claim | undefined;
  #upload: ReturnType<Receive> | undefined;

  constructor(receive: Receive, signal: AbortSignal) {
    this.#receive = receive;
    this.#signal = signal;
  }

  /** Resolves when the form is whole and the file is stored. */
  collect(parser: BusboyInstance): Promise<FormResult> {
    return new Promise((resolve, reject) => {
      parser.on('field', (part, value, _partTruncated, valueTruncated) => {
        if (part === 'metadata') attempt(() => this.#takeMetadata(value, valueTruncated), reject);
      });
      parser.on('file', (_part, stream) => this.#takeFile(stream).catch(reject));
      for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
        parser.on(limit, () => reject(invalidForm('The form has more parts than "metadata" and "file"')));
      }
      parser.on('error', (error) => reject(invalidForm('The form cannot be read', error)));
      parser.on('finish', () => this.#result().then(resolve, reject));
    });
  }

  /** Waits until nobody reads the file any more, however that ended. */
  async settled(): Promise<void> {
    await this.#upload?.catch(() => undefined);
  }

  #takeMetadata(json: string, truncated: boolean): void {
    if (this.#claim !== undefined) throw invalidForm('The form has two metadata parts');
    if (truncated) throw invalidForm('The metadata part is too long');
    this.#claim = parseClaim(json);
  }

  async #takeFile(stream: Readable): Promise<void> {
    // The parser may hold more of the form than what failed.
    if (this.#signal.aborted) return void stream.resume();
    addAbortSignal(this.#signal, stream);
    this.#upload = this.#receive(readPart(stream), this.#claim ?? {});
    await this.#upload;
  }

  async #result(): Promise<FormResult> {
    if (this.#upload === undefined) throw invalidForm('The form has no file part');
    return { upload: await this.#upload, claim: this.#claim ?? {} };
  }
}

function attempt(work: () => void, reject: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    reject(error);
  }
}

async function* readPart(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* stream;
  } catch (cause) {
    throw invalidForm('The upload ended early', cause);
  }
}

function invalidForm(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_REQUEST', problem, {}, { cause });
}
