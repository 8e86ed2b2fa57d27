// Owns reading the publish form as a stream: one file part, at most one metadata part, in either order.
import { RegistryError } from '@progy/protocol/errors.ts';
import { type MultipartError, make } from 'multipasta';
import { type Claim, parseClaim } from '../../domain/publish/publish-claim.ts';
import type { ReadForm, Receive } from '../../domain/publish/publish-version.ts';
import { bodyOf } from '../../http/request-body.ts';

/** Normal clients send two. */
const MAX_PARTS = 8;
const MAX_METADATA_BYTES = 256 * 1024;

/** What the parser finds, in the order of the body. */
type FormEvent = { kind: 'part'; name: string } | { kind: 'bytes'; bytes: Uint8Array } | { kind: 'part-end' };

type FormEvents = AsyncGenerator<FormEvent, void>;

/**
 * Reads the form; the file's bytes go straight to `receive`, and the body is read only as fast as it takes them.
 * Stops at the first failure and leaves the rest of the body unread.
 * @throws {RegistryError} INVALID_REQUEST for a body that is not such a form; what `receive` and the metadata throw.
 */
export async function readPublishForm(request: Request, receive: Receive): ReturnType<ReadForm> {
  const events = formEvents(request);
  try {
    return await readParts(events, receive);
  } finally {
    await events.return();
  }
}

async function readParts(events: FormEvents, receive: Receive): ReturnType<ReadForm> {
  let claim: Claim | undefined;
  let upload: Awaited<ReturnType<Receive>> | undefined;
  for (let name = await nextPart(events); name !== undefined; name = await nextPart(events)) {
    if (name === 'metadata') {
      if (claim !== undefined) throw invalidForm('The form has two metadata parts');
      claim = parseClaim(await textOfPart(events));
    } else if (name === 'file') {
      if (upload !== undefined) throw invalidForm('The form has two file parts');
      upload = await receive(bytesOfPart(events), claim ?? {});
    }
  }
  if (upload === undefined) throw invalidForm('The form has no file part');
  return { upload, claim: claim ?? {} };
}

/** Name of the next part, skipping the rest of the previous one. */
async function nextPart(events: FormEvents): Promise<string | undefined> {
  for (let event = await nextOf(events); event !== undefined; event = await nextOf(events)) {
    if (event.kind === 'part') return event.name;
  }
  return undefined;
}

async function nextOf(events: FormEvents): Promise<FormEvent | undefined> {
  const { value, done } = await events.next();
  return done ? undefined : value;
}

async function* bytesOfPart(events: FormEvents): AsyncIterable<Uint8Array> {
  for (let event = await nextOf(events); event?.kind === 'bytes'; event = await nextOf(events)) yield event.bytes;
}

async function textOfPart(events: FormEvents): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of bytesOfPart(events)) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MAX_METADATA_BYTES) throw invalidForm('The metadata part is too long');
  }
  return text + decoder.decode();
}

/** Turns the body into events, one chunk at a time. */
async function* formEvents(request: Request): FormEvents {
  const met: FormEvent[] = [];
  const faults: RegistryError[] = [];
  const parser = openParser(request, met, faults);
  for await (const chunk of bodyOf(request)) {
    feed(() => parser.write(chunk), faults);
    yield* met.splice(0);
    if (faults[0]) throw faults[0];
  }
  feed(() => parser.end(), faults);
  yield* met.splice(0);
  if (faults[0]) throw faults[0];
}

/** The parser reports most faults, and throws on the rest (a filename* that does not decode). */
function feed(work: () => void, faults: RegistryError[]): void {
  try {
    work();
  } catch (cause) {
    faults.push(invalidForm('The headers of a form part cannot be read', cause));
  }
}

function openParser(request: Request, met: FormEvent[], faults: RegistryError[]) {
  return make({
    maxParts: MAX_PARTS,
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
    // Every part is streamed: for a field the parser would hold all pieces before it reports one.
    isFile: () => true,
    onFile: ({ name }) => {
      met.push({ kind: 'part', name });
      return (bytes) => met.push(bytes === null ? { kind: 'part-end' } : { kind: 'bytes', bytes });
    },
    onField: () => undefined,
    onError: (error) => faults.push(invalidForm(sentenceFor(error))),
    onDone: () => undefined,
  });
}

function sentenceFor(error: MultipartError): string {
  switch (error._tag) {
    case 'InvalidBoundary':
      return 'Publishing takes multipart/form-data with the parts "metadata" and "file"';
    case 'EndNotReached':
      return 'The upload ended early: the form has no closing boundary';
    case 'ReachedLimit':
      return 'The form has too many or too large parts: it takes only "metadata" and "file"';
    default:
      return 'The headers of a form part cannot be read';
  }
}

function invalidForm(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_REQUEST', problem, {}, { cause });
}
