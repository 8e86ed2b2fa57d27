// Owns publishing to the measured registry: an account, and courses of two small files.
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { loginPath, PUBLISH_PATH } from '@progy/protocol/wire/urls.ts';
import { writeProgyFile } from '@progy/protocol/zip/progy-file.ts';

/** Who publishes, and where. */
export interface Publisher {
  url: string;
  token: string;
}

/** Creates an account. */
export async function signUp(url: string, name: string): Promise<Publisher> {
  const response = await fetch(url + loginPath(name), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password: 'only for this measurement' }),
  });
  const { token } = (await response.json()) as { token: string };
  return { url, token };
}

/** @throws {Error} with the answer, if the registry refuses. */
export async function publish({ url, token }: Publisher, name: string, version: string): Promise<void> {
  const form = new FormData();
  form.set('file', new Blob(await pack(name, version)), 'course.progy');
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(url + PUBLISH_PATH, { method: 'POST', headers, body: form });
  if (response.status !== 201) throw new Error(`${name}@${version}: ${await response.text()}`);
}

async function pack(name: string, version: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const files = {
    'course.json': JSON.stringify({ name, version, description: 'A course of the benchmark' }),
    'content/hello.md': '# Hello\n',
  };
  const packable = Object.entries(files).map(([path, text]) => ({
    path,
    mode: '100644' as const,
    size: Buffer.byteLength(text),
    open: async function* () {
      yield Buffer.from(text);
    },
  }));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of writeProgyFile(packable, nodePlatform)) chunks.push(new Uint8Array(chunk));
  return chunks;
}
