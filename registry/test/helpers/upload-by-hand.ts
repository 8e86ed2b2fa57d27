// Owns publishing by hand: a form sent piece by piece, so that a fault can occur exactly between two pieces.
import { PUBLISH_PATH } from '@progy/protocol/wire/urls.ts';
import { type RawAnswer, RawConnection, requestText } from './raw-http.ts';

const BOUNDARY = 'the-boundary-of-this-form';

/** The form that progy sends: metadata first. */
function publishForm(file: Uint8Array, metadata: unknown): { head: Buffer; body: Buffer } {
  const head = Buffer.from(
    [
      `--${BOUNDARY}`,
      'Content-Disposition: form-data; name="metadata"',
      '',
      JSON.stringify(metadata),
      `--${BOUNDARY}`,
      'Content-Disposition: form-data; name="file"; filename="course.progy"',
      'Content-Type: application/octet-stream',
      '',
      '',
    ].join('\r\n'),
  );
  return { head, body: Buffer.concat([head, file, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]) };
}

/** The head of a publish request whose body has that many bytes. */
function publishHead(token: string, contentLength: number): string {
  return requestText(
    `POST ${PUBLISH_PATH}`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${contentLength}`,
  );
}

/** One publish. Offsets are bytes of the form. */
export class UploadByHand {
  readonly #connection: RawConnection;
  readonly #form: Buffer;
  readonly #requestHead: string;
  #sent = 0;
  /** Where the file begins. */
  readonly fileStart: number;

  constructor(url: string, token: string, file: Uint8Array, metadata: unknown) {
    const { head, body } = publishForm(file, metadata);
    this.#connection = new RawConnection(url);
    this.#form = body;
    this.#requestHead = publishHead(token, body.length);
    this.fileStart = head.length;
  }

  /** Bytes of the whole form. */
  get size(): number {
    return this.#form.length;
  }

  /** Sends everything up to `end` that was not sent yet; the request's head goes first. */
  async sendUpTo(end: number): Promise<void> {
    if (this.#sent === 0) await this.#connection.send(this.#requestHead);
    await this.#connection.send(this.#form.subarray(this.#sent, end));
    this.#sent = end;
  }

  answer(): Promise<RawAnswer> {
    return this.#connection.answer();
  }

  disconnect(): Promise<void> {
    return this.#connection.disconnect();
  }
}
