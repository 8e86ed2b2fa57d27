// Owns the minimal verifying Worker as a target: the floor of what a publish costs on this runtime.
import { createHash } from 'node:crypto';
import { npmDocument } from '../work/packages.ts';
import type { Target } from './target.ts';
import { startOwnWorker } from './worker.ts';

const AUTHORIZATION = 'Bearer of the benchmark';
const TABLES = [
  'CREATE TABLE accounts (id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE)',
  `INSERT INTO accounts (token) VALUES ('${createHash('sha256').update(AUTHORIZATION).digest('hex')}')`,
  'CREATE TABLE packages (name TEXT PRIMARY KEY)',
  'CREATE TABLE versions (name TEXT, version TEXT, manifest TEXT NOT NULL, PRIMARY KEY (name, version))',
];

export async function startFloor(): Promise<Target> {
  const { url, stop } = await startOwnWorker('floor-worker.js', TABLES);
  const headers = { authorization: AUTHORIZATION, 'content-type': 'application/json' };
  return {
    name: 'floor',
    url,
    version: '',
    stop,
    seed: async () => undefined,
    read: async () => undefined,
    publish: async ({ door }, publish) =>
      door === 'npm' ? { method: 'PUT', path: '/publish', headers, body: npmDocument(publish) } : undefined,
  };
}
