// Owns measuring packuments: what an answer costs with 1 and with 500 versions, as a ratio to /-/ping beside it.
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { tryParsePackageName } from '@progy/protocol/course/package-name.ts';
import { loginPath, PING_PATH, PUBLISH_PATH, packumentPath } from '@progy/protocol/wire/urls.ts';
import { writeProgyFile } from '@progy/protocol/zip/progy-file.ts';
import { startRegistry } from '../../fixtures/start-registry.ts';

const VERSIONS = 500;
const ROUNDS = 200;
const ABBREVIATED = { Accept: 'application/vnd.npm.install-v1+json' };

const registry = await startRegistry();
try {
  const token = await signUp();
  await publish(token, '@diego/one', '1.0.0');
  for (let minor = 0; minor < VERSIONS; minor++) await publish(token, '@diego/many', `1.${minor}.0`);
  await report();
} finally {
  await registry.stop();
}

async function report(): Promise<void> {
  const many = pathOf('@diego/many');
  const etag = (await fetch(registry.url + many)).headers.get('etag') ?? '';
  const scenarios: [string, string, Record<string, string>][] = [
    ['ping', PING_PATH, {}],
    ['full, 1 version', pathOf('@diego/one'), {}],
    [`full, ${VERSIONS} versions`, many, {}],
    [`abbreviated, ${VERSIONS} versions`, many, ABBREVIATED],
    [`304, ${VERSIONS} versions`, many, { 'If-None-Match': etag }],
    [`manifest of 1 in ${VERSIONS}`, `${many}/1.7.0`, {}],
  ];
  const times = await interleaved(scenarios);
  const ping = times[0]?.median ?? 1;
  for (const [i, [title]] of scenarios.entries()) {
    const { median, bytes } = times[i] ?? { median: 0, bytes: 0 };
    console.log(
      `${title.padEnd(28)} ${median.toFixed(2).padStart(7)} ms  ${(median / ping).toFixed(1).padStart(5)} × ping  ${bytes} bytes`,
    );
  }
}

/** Medians in ms; the scenarios take turns, so that the machine's moods reach them all. */
async function interleaved(scenarios: [string, string, Record<string, string>][]) {
  const samples: number[][] = scenarios.map(() => []);
  const bytes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, path, headers]] of scenarios.entries()) {
      const begun = performance.now();
      const body = await (await fetch(registry.url + path, { headers })).arrayBuffer();
      samples[i]?.push(performance.now() - begun);
      bytes[i] = body.byteLength;
    }
  }
  return samples.map((sample, i) => ({ median: sample.sort((a, b) => a - b)[ROUNDS / 2] ?? 0, bytes: bytes[i] ?? 0 }));
}

function pathOf(name: string): string {
  const parsed = tryParsePackageName(name);
  if (parsed === undefined) throw new Error(`${name} is no name`);
  return packumentPath(parsed);
}

async function signUp(): Promise<string> {
  const response = await fetch(registry.url + loginPath('diego'), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'diego', password: 'only for this measurement' }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function publish(token: string, name: string, version: string): Promise<void> {
  const form = new FormData();
  form.set('file', new Blob(await pack(name, version)), 'course.progy');
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(registry.url + PUBLISH_PATH, { method: 'POST', headers, body: form });
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
