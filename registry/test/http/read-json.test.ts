// Small JSON bodies without a Content-Length.
import { loginPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { openRegistry, PASSWORD } from '../harness.ts';

/** More than a sign-in may have, which is 16 KB. */
const LENGTH = 20_000;

const registry = await openRegistry(t);

/** Sends a body piece by piece, without a Content-Length. */
function signInWith(pieces: readonly Uint8Array[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return registry.json(loginPath('diego'), { method: 'PUT', body, duplex: 'half' } as RequestInit);
}

t.test('a body in pieces is read, wherever it is cut', async (t) => {
  const bytes = Buffer.from(JSON.stringify({ name: 'diego', password: PASSWORD, comment: 'ação' }));
  t.equal((await signInWith([...bytes].map((byte) => Uint8Array.of(byte)))).status, 201);
});

t.test('a body that turns out too long is refused', async (t) => {
  const spaces = Array.from({ length: LENGTH / 1_000 }, () => new Uint8Array(1_000).fill(32));
  t.match(await signInWith(spaces), { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
});

t.test('what is no JSON, and what is nothing, is a 400 that says what should be there', async (t) => {
  for (const text of ['{"name":', '\u0000'])
    t.match(await signInWith([Buffer.from(text)]), { status: 400, body: { error: /JSON with name and password/ } });
  t.match(await registry.json(loginPath('diego'), { method: 'PUT' }), { status: 400 });
});
