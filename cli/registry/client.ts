// Owns what the CLI asks of a registry over HTTP by itself. Installing goes through pacote (source.ts).
import type { ArtifactSource } from '@progy/protocol/bytes/artifact-source.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { type PublicKey, parseKeyList } from '@progy/protocol/wire/signature.ts';
import {
  DEVICE_CODE_PATH,
  DEVICE_TOKEN_PATH,
  KEYS_PATH,
  loginPath,
  PUBLISH_PATH,
  tokenPath,
  WHOAMI_PATH,
} from '@progy/protocol/wire/urls.ts';
import { CliError } from '../cli-error.ts';
import { namingRegistry } from '../network/network-error.ts';
import { withRetries } from '../network/retry.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Report } from '../terminal/progress.ts';
import { type AnswerBody, type RawAnswer, readAnswer, readText, textIn } from './answers.ts';
import type { Registry } from './choice.ts';
import {
  codeRequest,
  type PendingSignIn,
  type TokenAnswer,
  tokenRequest,
  toSignIn,
  toTokenAnswer,
} from './device-grant.ts';
import { sendUpload } from './upload.ts';

const TIMEOUT_MS = 30_000;
/** As npm clients write theirs: the page that approves a sign-in shows it. */
const USER_AGENT = `progy/${packageJson.version} node/${process.version} ${process.platform} ${process.arch}`;
const GET_RETRIES = 2;
/** Publishing the same content again answers 200, so one lost connection may be repeated. */
const PUBLISH_RETRIES = 1;

/** What `POST /registry/publish` is told. Only course.json inside the file counts; this lets the registry refuse early. */
export interface PublishMetadata {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly tag?: string;
  /** Only an admin may. */
  readonly force?: boolean;
  readonly tree: string;
  readonly checksum: string;
  readonly sizeBytes: number;
}

/** What `POST /registry/publish` answers. `already`: this very content was published before. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  readonly integrity: string;
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly tag?: string;
  readonly already?: true;
}

/** Every method throws {RegistryError}, {CliError} NOT_A_REGISTRY, or the error of the connection. */
export interface RegistryClient {
  /** The keys that verify signatures; none from a registry that does not sign. */
  keys(): Promise<PublicKey[]>;
  /** The username that the token belongs to. */
  whoami(): Promise<string>;
  /** Begins a sign-in that a person approves in a browser. @param host name of this computer, for them to know it by. */
  startSignIn(host: string): Promise<PendingSignIn>;
  /** Asks for the token of such a sign-in. */
  askForToken(deviceCode: string): Promise<TokenAnswer>;
  /** Signs in, making the account if the name is new, and answers a token. */
  login(username: string, password: string): Promise<string>;
  /** Revokes the token. False if the registry did not know it any more. */
  logout(): Promise<boolean>;
  publish(source: ArtifactSource, fileName: string, metadata: PublishMetadata, report: Report): Promise<Published>;
  /** What the registry answers at a path of its own. */
  read(path: string): Promise<AnswerBody>;
  /** Asks it to change something, once: nobody knows what a lost answer was. */
  change(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<AnswerBody>;
}

export function createRegistryClient(registry: Registry, signal: AbortSignal): RegistryClient {
  const address = (path: string) => new URL(path.slice(1), registry.url).href;
  const answerTo = async (sending: Promise<RawAnswer>) => {
    const answer = await sending.catch((error) => {
      throw namingRegistry(registry.label, error);
    });
    return readAnswer(answer, registry.label);
  };
  const ask = (method: string, path: string, body?: object) =>
    answerTo(send(address(path), method, registry, signal, body));
  return {
    keys: async () =>
      keyList(
        withRetries(() => ask('GET', KEYS_PATH), GET_RETRIES, signal),
        registry,
      ),
    whoami: async () =>
      textIn(await withRetries(() => ask('GET', WHOAMI_PATH), GET_RETRIES, signal), 'username', registry),
    startSignIn: async (host) => toSignIn(await ask('POST', DEVICE_CODE_PATH, codeRequest(host)), registry),
    askForToken: (code) =>
      toTokenAnswer(
        withRetries(() => ask('POST', DEVICE_TOKEN_PATH, tokenRequest(code)), GET_RETRIES, signal),
        registry,
      ),
    login: async (name, password) =>
      textIn(await ask('PUT', loginPath(name), loginBody(name, password)), 'token', registry),
    logout: async () => revoked(ask('DELETE', tokenPath(registry.token ?? ''))),
    async publish(source, fileName, metadata, report) {
      const upload = { url: address(PUBLISH_PATH), token: registry.token ?? '', metadata, fileName, source };
      const attempt = () => answerTo(sendUpload(upload, report, signal));
      return toPublished(await withRetries(attempt, PUBLISH_RETRIES, signal), registry);
    },
    read: (path) => withRetries(() => ask('GET', path), GET_RETRIES, signal),
    change: ask,
  };
}

/** Redirects are not followed: they would take a password or token to another address. */
async function send(
  url: string,
  method: string,
  registry: Registry,
  signal: AbortSignal,
  body?: object,
): Promise<RawAnswer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    headers: {
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...(registry.token === undefined ? {} : { authorization: `Bearer ${registry.token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const header = (name: string) => response.headers.get(name) ?? undefined;
  return {
    status: response.status,
    header,
    text: response.body === null ? '' : await readText(response.body, registry.label),
  };
}

/** What npm's legacy login sends; the fields are CouchDB's. */
function loginBody(name: string, password: string): object {
  return { _id: `org.couchdb.user:${name}`, name, password, type: 'user', roles: [], date: new Date().toISOString() };
}

/** Registries that do not sign have no such address. */
async function keyList(answer: Promise<AnswerBody>, registry: Registry): Promise<PublicKey[]> {
  const body = await answer.catch((error: unknown) => {
    if (error instanceof RegistryError && error.status === 404) return { keys: [] };
    throw error;
  });
  const keys = parseKeyList(body);
  if (keys === undefined) throw new CliError('NOT_A_REGISTRY', `${registry.label} lists its keys in a strange way`);
  return keys;
}

/** A token that the registry does not know is as good as revoked. */
async function revoked(answer: Promise<AnswerBody>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof RegistryError && (error.status === 401 || error.status === 404)) return false;
    throw error;
  }
}

function toPublished(body: AnswerBody, registry: Registry): Published {
  return {
    name: textIn(body, 'name', registry),
    version: textIn(body, 'version', registry),
    url: textIn(body, 'url', registry),
    integrity: textIn(body, 'integrity', registry),
    checksum: textIn(body, 'checksum', registry),
    sizeBytes: Number(body.sizeBytes),
    ...(typeof body.tag === 'string' ? { tag: body.tag } : {}),
    ...(body.already === true ? { already: true } : {}),
  };
}
