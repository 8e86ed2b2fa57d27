// Owns taking the operations that tests need from GitHub's published OpenAPI document, which is far too large to install.
//
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//   node registry/test/helpers/take-github-api.ts package/generated/api.github.com.json
import { readFileSync, writeFileSync } from 'node:fs';

/** What the registry asks of GitHub. */
const OPERATIONS: readonly [method: string, path: string][] = [
  ['get', '/user'],
  ['get', '/user/emails'],
  ['post', '/user/repos'],
  ['get', '/repos/{owner}/{repo}'],
  ['get', '/repos/{owner}/{repo}/branches'],
  ['delete', '/applications/{client_id}/token'],
];

/** An object; what else JSON has is followed and taken as it is. */
type Json = { [name: string]: Json };

const document = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Json;
const taken = { openapi: document.openapi, info: document.info, paths: {} as Json, components: {} as Json };
for (const [method, path] of OPERATIONS) {
  const operation = document.paths?.[path]?.[method] ?? ({} as Json);
  taken.paths[path] = { ...taken.paths[path], [method]: operation } as Json;
  follow(operation);
}
writeFileSync(
  new URL('github-api.json', import.meta.url),
  `${JSON.stringify(withoutExamples(taken as Json), null, 1)}\n`,
);

/** Takes everything that a part refers to. */
function follow(part: Json): void {
  for (const [name, value] of Object.entries(part ?? {})) {
    if (name === '$ref') take(String(value));
    else if (typeof value === 'object') follow(value);
  }
}

/** `#/components/schemas/repository`. Examples are documents for readers. */
function take(reference: string): void {
  const [, , kind = '', name = ''] = reference.split('/');
  if (kind === 'examples' || taken.components[kind]?.[name] !== undefined) return;
  const component = document.components?.[kind]?.[name] ?? ({} as Json);
  taken.components[kind] = { ...taken.components[kind], [name]: component } as Json;
  follow(component);
}

function withoutExamples(part: Json): Json {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map(withoutExamples) as unknown as Json;
  const kept = Object.entries(part).filter(([name, value]) => !isForReaders(name, value));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutExamples(value)])) as Json;
}

function isForReaders(name: string, value: unknown): boolean {
  if (name === 'examples' || name === 'example' || name === 'externalDocs' || name.startsWith('x-')) return true;
  return name === 'description' && typeof value === 'string';
}
