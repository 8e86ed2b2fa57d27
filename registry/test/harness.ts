// Owns the registry that tests talk to: the real Worker with real local D1 and R2, and builders for what they send.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { CourseEntry } from '@progy/protocol/course/course-files.ts';
import { loginPath, PUBLISH_PATH } from '@progy/protocol/wire/urls.ts';
import { type PackableFile, writeProgyFile } from '@progy/protocol/zip/progy-file.ts';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import type { Test } from 'tap';
import type { Env, SigningKey } from '../env.ts';
import { openState, STORES } from '../local/build/migrated-state.ts';
import { type WorkerBundle, workerBundle } from '../local/build/worker-bundle.ts';
import { withNewKey } from '../local/signing-keys.ts';
import { requireIndexes } from './helpers/query-plans.ts';
import { logsIn, statementsIn } from './helpers/statement-log.ts';

/** Wraps the bundle, which it imports as worker.js. */
const RECORDED_WORKER = readFileSync(new URL('helpers/recorded-worker.js', import.meta.url), 'utf8');

const VARS = {
  PUBLISH_VERSIONS_PER_HOUR: '100000',
  PUBLIC_ORIGIN: 'http://registry.test',
  BETTER_AUTH_SECRET: 'only for tests, only for tests, only for tests',
};
export const PASSWORD = 'a long enough password';

/** What came back, with the JSON body if there was one. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** What a test asks of any registry, wherever it runs. */
export interface RegistryClient {
  /** Base URL. */
  url: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, init?: RequestInit): Promise<Answer>;
  /** Creates an account and answers its token. */
  signUp(username: string): Promise<string>;
  publish(token: string, file: Uint8Array, metadata?: unknown): Promise<Answer>;
}

export interface TestRegistry extends RegistryClient {
  /** The Worker's own bindings, to look behind the answers. */
  env: Env;
  /** Reloads the Worker with other keys; D1 and R2 stay. */
  useSigningKeys(keys: readonly SigningKey[]): Promise<void>;
  scheduled(at: Date): Promise<void>;
  /** What the Worker has logged so far. */
  logs(): string[];
  /** What the Worker has sent to D1 so far, each statement once. */
  statements(): string[];
}

/**
 * Starts a registry for one test file and stops it when the test ends. Signs with a key of its own, or with `keys`.
 * @param entry a module that stands before the Worker and imports it as `./worker.js`, to look at its bindings.
 */
export async function openRegistry(
  t: Test,
  vars: Record<string, string> = {},
  keys?: readonly SigningKey[],
  entry?: string,
): Promise<TestRegistry> {
  const state = await mkdtemp(join(tmpdir(), 'progy-test-'));
  const [worker] = await Promise.all([workerBundle(), openState(state)]);
  const lines: string[] = [];
  const optionsWith = (signing: readonly SigningKey[]) =>
    miniflareOptions(worker, state, { vars: { ...vars, SIGNING_KEYS: JSON.stringify(signing) }, lines, entry });
  const miniflare = new Miniflare(optionsWith(keys ?? (await withNewKey([]))));
  t.teardown(async () => {
    await miniflare.dispose();
    await rm(state, { recursive: true, force: true });
    requireIndexes(statementsIn(lines));
  });
  return {
    ...clientOf((await miniflare.ready).origin),
    env: await miniflare.getBindings<Env & Record<string, unknown>>(),
    useSigningKeys: (newKeys) => miniflare.setOptions(optionsWith(newKeys)),
    scheduled: (at) => runCron(miniflare, at),
    logs: () => logsIn(lines),
    statements: () => statementsIn(lines),
  };
}

interface Setting {
  vars: Record<string, string>;
  /** What the Worker logs is added to it. */
  lines: string[];
  entry: string | undefined;
}

/** The Worker with the limits of wrangler.toml. What it asks of the network, this process asks, so that a test can answer. */
function miniflareOptions({ script, options }: WorkerBundle, state: string, { vars, lines, entry }: Setting) {
  const module = (path: string, contents: string) => ({ type: 'ESModule' as const, path, contents });
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    logRequests: false,
    unsafeTriggerHandlers: true,
    resourcePersistencePath: join(state, STORES),
    handleStructuredLogs: ({ message }) => lines.push(message),
    workers: [
      {
        ...options,
        name: 'progy-registry',
        bindings: { ...(options.bindings as object), ...VARS, ...vars },
        modules: [module('entry.js', entry ?? RECORDED_WORKER), module('worker.js', script)],
        outboundService: (request: Request) => globalThis.fetch(request.url, request),
      },
    ],
  });
}

async function runCron(miniflare: Miniflare, at: Date): Promise<void> {
  const query = new URLSearchParams({ format: 'json', cron: '17 * * * *', time: `${at.getTime()}` });
  const response = await miniflare.dispatchFetch(`http://localhost/cdn-cgi/local/scheduled?${query}`);
  await response.json();
}

/** Asks the registry at `url`. */
export function clientOf(url: string): RegistryClient {
  const fetchPath = (path: string, init?: RequestInit) => fetch(new URL(path, url), init);
  const json = async (path: string, init?: RequestInit) => toAnswer(await fetchPath(path, init));
  return {
    url,
    fetch: fetchPath,
    json,
    signUp: async (username) => String((await signIn(json, username)).body.token),
    publish: (token, file, metadata) => json(PUBLISH_PATH, publishRequest(token, file, metadata)),
  };
}

export function signIn(json: RegistryClient['json'], name: string, password = PASSWORD): Promise<Answer> {
  const body = JSON.stringify({ _id: `org.couchdb.user:${name}`, name, password, type: 'user', roles: [] });
  return json(loginPath(name), { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body });
}

/** A publish form, metadata first as progy sends it. */
export function publishRequest(token: string, file: Uint8Array, metadata?: unknown): RequestInit {
  const form = new FormData();
  if (metadata !== undefined) form.set('metadata', JSON.stringify(metadata));
  form.set('file', new Blob([file as Uint8Array<ArrayBuffer>]), 'course.progy');
  return { method: 'POST', headers: bearer(token), body: form };
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {} };
}

/** Files of a course for {@link packCourse}: text or bytes by path; `executable` lists those with the exec bit. */
export interface CourseParts {
  course?: Record<string, unknown>;
  files?: Record<string, string | Uint8Array>;
  executable?: readonly string[];
}

/** The bytes of a .progy file for `@scope/slug` with one exercise, and whatever else is asked for. */
export async function packCourse(name: string, version = '1.0.0', parts: CourseParts = {}): Promise<Uint8Array> {
  const files = {
    'course.json': JSON.stringify({ name, version, ...parts.course }),
    'content/01_start/01_hello/README.md': '# Hello\n',
    ...parts.files,
  };
  const packable = Object.entries(files).map(([path, content]) => toPackable(path, content, parts.executable));
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeProgyFile(packable, nodePlatform)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function toPackable(path: string, content: string | Uint8Array, executable: readonly string[] = []): PackableFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const entry: CourseEntry = { path, mode: executable.includes(path) ? '100755' : '100644', size: bytes.length };
  return { ...entry, open: () => once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
