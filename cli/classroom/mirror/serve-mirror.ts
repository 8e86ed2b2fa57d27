// Owns serving a mirror over HTTP, as a registry that can only be read.
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ABBREVIATED_PACKUMENT, FULL_PACKUMENT, knownMirror, type Mirror, movedTo } from './mirror-files.ts';

/** npm's type of abbreviated packuments. */
const ABBREVIATED_TYPE = 'application/vnd.npm.install-v1+json';
/** Host and port as a browser or npm send them: they go into the addresses of the answer, so nothing else may. */
const HOST = /^[A-Za-z0-9.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-fA-F:]{2,39}\](?::\d{1,5})?$/;
const MAX_PATH = 2_048;
/** Packuments are read into memory; larger ones are none. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
const YEAR = 'public, max-age=31536000, immutable';
/** What npm asks before it installs. Nothing is known here, and that is said. */
const ADVISORIES = '/-/npm/v1/security/';

export interface ServedMirror {
  readonly mirror: Mirror;
  /** Port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves a mirror until it is closed.
 * @param folder absolute.
 * @param port 0 for any that is free.
 * @param host address to listen on.
 * @throws {CliError} NOT_A_MIRROR; the error of the socket.
 */
export async function serveMirror(folder: string, port: number, host: string): Promise<ServedMirror> {
  const mirror = await knownMirror(folder);
  const root = await realpath(folder);
  const server = createServer((request, response) => {
    answer(request, response, root, mirror).catch(() => response.destroy());
  });
  await listen(server, port, host);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { mirror, port: (server.address() as AddressInfo).port, close };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, root: string, mirror: Mirror): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  request.resume();
  if (request.method === 'POST' && path.startsWith(ADVISORIES)) return sendJson(response, 200, '{}');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'A mirror can only be read');
  const host = request.headers.host ?? '';
  if (!HOST.test(host)) return refuse(response, 400, 'The Host header is missing or wrong');
  const found = await find(root, path, request.headers.accept ?? '');
  if (found === undefined) return refuse(response, 404, 'This mirror does not have that');
  if (!found.isDocument) return sendFile(request, response, found);
  const text = await readFile(found.file, 'utf8');
  return sendJson(response, 200, movedTo(text, mirror.url, `http://${host}`));
}

interface Found {
  readonly file: string;
  readonly size: number;
  /** JSON with addresses in it. */
  readonly isDocument: boolean;
}

async function find(root: string, path: string, accept: string): Promise<Found | undefined> {
  const parts = partsOf(path);
  const place = parts === undefined ? undefined : await placeOf(root, parts);
  if (place === undefined) return undefined;
  const stats = await stat(place);
  if (stats.isFile()) return { file: place, size: stats.size, isDocument: isDocument(parts ?? [], stats.size) };
  const name = accept.includes(ABBREVIATED_TYPE) ? ABBREVIATED_PACKUMENT : FULL_PACKUMENT;
  const file = join(place, name);
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  return size === undefined || size > MAX_DOCUMENT_BYTES ? undefined : { file, size, isDocument: true };
}

/** The parts of a path, or undefined for one that leaves the folder, is hidden, or no file has. */
function partsOf(path: string): string[] | undefined {
  if (path.length > MAX_PATH) return undefined;
  try {
    const parts = decodeURIComponent(path)
      .split('/')
      .filter((part) => part !== '');
    return parts.some((part) => part.startsWith('.') || /[\\\0:]/.test(part)) ? undefined : parts;
  } catch {
    return undefined;
  }
}

/** Links may not lead out of the folder. */
async function placeOf(root: string, parts: readonly string[]): Promise<string | undefined> {
  const place = await realpath(join(root, ...parts)).catch(() => undefined);
  return place !== undefined && (place === root || place.startsWith(root + sep)) ? place : undefined;
}

function isDocument([first, second]: readonly string[], size: number): boolean {
  return first === 'registry' && (second === 'info' || second === 'resolve') && size <= MAX_DOCUMENT_BYTES;
}

/** Published files never change. The rest may be replaced by a newer copy. */
async function sendFile(request: IncomingMessage, response: ServerResponse, { file, size }: Found): Promise<void> {
  const isJson = ['', '.json'].includes(extname(file)) && !file.includes(`${sep}download${sep}`);
  const isTarball = extname(file) === '.tgz';
  response.writeHead(200, {
    'content-type': isJson ? 'application/json' : 'application/octet-stream',
    'content-length': size,
    'cache-control': isTarball ? YEAR : 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
}

function refuse(response: ServerResponse, status: number, error: string): void {
  const code = status === 404 ? 'NOT_FOUND' : status === 405 ? 'METHOD_NOT_ALLOWED' : 'INVALID_REQUEST';
  sendJson(response, status, JSON.stringify({ error, code }));
}

/** Node leaves out the body of an answer to HEAD. */
function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-cache',
    vary: 'Accept, Host',
  });
  response.end(text);
}
