// Owns the CLI's own HTTP requests to a registry; installing goes through pacote (source.ts).
import type { ArtifactSource } from '@progy/protocol/bytes/artifact-source.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  type LoginRequest,
  loginAnswerSchema,
  logoutAnswerSchema,
  whoamiSchema,
} from '@progy/protocol/wire/accounts/sign-in.ts';
import { type PublishMetadata, type PublishReceipt, publishReceiptSchema } from '@progy/protocol/wire/publish.ts';
import { keyListSchema, type PublicKey } from '@progy/protocol/wire/signature.ts';
import {
  DEVICE_CODE_PATH,
  DEVICE_TOKEN_PATH,
  KEYS_PATH,
  loginPath,
  PUBLISH_PATH,
  tokenPath,
  WHOAMI_PATH,
} from '@progy/protocol/wire/urls.ts';
import type * as z from 'zod';
import { type Exchange, exchange } from '../network/exchange.ts';
import { namingRegistry } from '../network/network-error.ts';
import { QUIET_NETWORK } from '../network/policy.ts';
import { withRetries } from '../network/retry.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Report } from '../terminal/progress.ts';
import { type AnswerBody, type RawAnswer, readAnswer, readDocument, readText } from './answers.ts';
import type { Registry } from './choice.ts';
import {
  codeRequest,
  type PendingSignIn,
  type TokenAnswer,
  tokenRequest,
  toSignIn,
  toTokenAnswer,
} from './device-grant.ts';

/** In the format of npm clients: the page that approves a sign-in shows it. */
const USER_AGENT = `progy/${packageJson.version} node/${process.version} ${process.platform} ${process.arch}`;
/** Publishing the same content again answers 200, so one lost connection may be repeated. */
const PUBLISH_RETRIES = 1;

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
  /** Signs in, creating the account if the name is new, and returns a token. */
  login(username: string, password: string): Promise<string>;
  /** Revokes the token. False if the registry no longer knew it. */
  logout(): Promise<boolean>;
  publish(source: ArtifactSource, fileName: string, metadata: PublishMetadata, report: Report): Promise<PublishReceipt>;
  /** The registry's answer at one of its own paths, parsed with the schema. */
  read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  /** Asks for a change, without retries: if the answer is lost, the change may have been made. */
  change<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    schema: Schema,
    body?: object,
  ): Promise<z.output<Schema>>;
}

/** @param via sends the requests; by default nothing is cached on the person's computer. */
export function createRegistryClient(
  registry: Registry,
  signal: AbortSignal,
  via: Exchange = exchange,
): RegistryClient {
  const { network = QUIET_NETWORK } = registry;
  const { policy } = network;
  const repeating = { network, retries: policy.retries, signal };
  const address = (path: string) => new URL(path.slice(1), registry.url).href;
  const answerTo = async (sending: Promise<RawAnswer>) => {
    const answer = await sending.catch((error) => {
      throw namingRegistry(registry.label, error);
    });
    return readAnswer(answer, registry.label);
  };
  const ask = (method: string, path: string, body?: object) =>
    answerTo(send({ url: address(path), method, body }, registry, signal, via));
  const read = (path: string) => withRetries(() => ask('GET', path), repeating);
  const document = async <Schema extends z.ZodType>(schema: Schema, answer: Promise<AnswerBody>) =>
    readDocument(schema, await answer, registry.label);
  return {
    keys: async () => (await document(keyListSchema, orNoKeys(read(KEYS_PATH)))).keys,
    whoami: async () => (await document(whoamiSchema, read(WHOAMI_PATH))).username,
    startSignIn: async (host) => toSignIn(await ask('POST', DEVICE_CODE_PATH, codeRequest(host)), registry),
    askForToken: (code) =>
      toTokenAnswer(
        withRetries(() => ask('POST', DEVICE_TOKEN_PATH, tokenRequest(code)), repeating),
        registry,
      ),
    login: async (name, password) =>
      (await document(loginAnswerSchema, ask('PUT', loginPath(name), loginBody(name, password)))).token,
    logout: async () => revoked(document(logoutAnswerSchema, ask('DELETE', tokenPath(registry.token ?? '')))),
    async publish(source, fileName, metadata, report) {
      const { sendUpload } = await import('./upload.ts');
      const upload = { url: address(PUBLISH_PATH), token: registry.token ?? '', metadata, fileName, source, policy };
      const attempt = () => answerTo(sendUpload(upload, report, signal));
      return document(publishReceiptSchema, withRetries(attempt, { ...repeating, retries: PUBLISH_RETRIES }));
    },
    read: (path, schema) => document(schema, read(path)),
    change: (method, path, schema, body) => document(schema, ask(method, path, body)),
  };
}

/** Redirects are not followed: they would take a password or token to another address. */
async function send(
  { url, method, body }: { url: string; method: string; body?: object },
  registry: Registry,
  signal: AbortSignal,
  via: Exchange,
): Promise<RawAnswer> {
  const { policy } = registry.network ?? QUIET_NETWORK;
  const answer = await via(url, {
    method,
    policy,
    signal: AbortSignal.any([signal, AbortSignal.timeout(policy.answerMs)]),
    headers: {
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...(registry.token === undefined ? {} : { authorization: `Bearer ${registry.token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, header: answer.header, text: await readText(answer.body, registry.label) };
}

/** What npm's legacy login sends; the extra fields are CouchDB's. */
function loginBody(name: string, password: string): object {
  const login: LoginRequest = { name, password };
  return { _id: `org.couchdb.user:${name}`, ...login, type: 'user', roles: [], date: new Date().toISOString() };
}

/** Registries that do not sign have no such address. */
async function orNoKeys(answer: Promise<AnswerBody>): Promise<AnswerBody> {
  return answer.catch((error: unknown) => {
    if (error instanceof RegistryError && error.status === 404) return { keys: [] };
    throw error;
  });
}

/** A token that the registry does not know is as good as revoked. */
async function revoked(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof RegistryError && (error.status === 401 || error.status === 404)) return false;
    throw error;
  }
}
