// Owns checking requests and answers against GitHub's published OpenAPI document: github-api.json, see take-github-api.ts.
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Json = Record<string, unknown>;

interface Operation extends Json {
  readonly parameters?: readonly Json[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Json }> };
  readonly responses: Record<string, Json>;
}

interface Document extends Json {
  readonly paths: Record<string, Record<string, Operation>>;
}

/** What was sent. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

const ID = 'github';
const document = JSON.parse(readFileSync(new URL('github-api.json', import.meta.url), 'utf8')) as Document;
const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: true });
(formats as unknown as (ajv: Ajv) => void)(ajv);
ajv.addSchema({ ...document, $id: ID });

/** What is wrong with a request; nothing for one that GitHub describes. */
export function problemsOfRequest({ method, url, body }: Sent): string[] {
  const found = operationFor(method, url.pathname);
  if (found === undefined) return [`${method} ${url.pathname} is no operation of GitHub's`];
  const { operation, pointer } = found;
  const problems = [...problemsOfQuery(operation, url.searchParams), ...problemsOfBody(operation, pointer, body)];
  return problems.map((problem) => `${method} ${url.pathname}: ${problem}`);
}

/** What is wrong with an answer of the stand-in. */
export function problemsOfAnswer({ method, url }: Sent, status: number, body: unknown): string[] {
  const found = operationFor(method, url.pathname);
  const described = found?.operation.responses[status];
  if (found === undefined || described === undefined)
    return [`GitHub never answers ${method} ${url.pathname} with ${status}`];
  const pointer = `${found.pointer}/responses/${status}`;
  const schema = schemaOfAnswer(described, pointer);
  if (schema === undefined) return body === undefined ? [] : [`${status} has no body`];
  return problemsOf(schema, body).map((problem) => `the answer to ${method} ${url.pathname}: ${problem}`);
}

/** A document that a schema of GitHub's allows, with nothing that is not required. @param name of a component. */
export function sampleOf(name: string): Json {
  return sample({ $ref: `#/components/schemas/${name}` }) as Json;
}

function operationFor(method: string, path: string): { operation: Operation; pointer: string } | undefined {
  for (const [template, operations] of Object.entries(document.paths)) {
    const operation = operations[method.toLowerCase()];
    const [given, wanted] = [path.split('/'), template.split('/')];
    const fits =
      given.length === wanted.length && wanted.every((part, index) => part.startsWith('{') || part === given[index]);
    if (fits && operation !== undefined)
      return { operation, pointer: `/paths/${escaped(template)}/${method.toLowerCase()}` };
  }
  return undefined;
}

function problemsOfQuery({ parameters = [] }: Operation, query: URLSearchParams): string[] {
  const described = parameters.map(resolved).filter((parameter) => parameter.in === 'query');
  const unknown = [...query.keys()].filter((name) => !described.some((parameter) => parameter.name === name));
  const wrong = described.flatMap(({ name, schema, required }) => {
    const value = query.get(String(name));
    if (value === null) return required ? [`lacks ${name}`] : [];
    return ajv.validate(schema as Json, value) ? [] : [`${name}=${value} is wrong`];
  });
  return [...unknown.map((name) => `${name} is no parameter`), ...wrong];
}

function problemsOfBody({ requestBody }: Operation, pointer: string, body: unknown): string[] {
  if (requestBody === undefined) return body === undefined ? [] : ['has no body'];
  const { properties = {} } = requestBody.content['application/json']?.schema ?? {};
  const unknown = Object.keys(body ?? {}).filter((name) => !Object.hasOwn(Object(properties), name));
  const schema = `${pointer}/requestBody/content/${escaped('application/json')}/schema`;
  return [...unknown.map((name) => `${name} is no field`), ...problemsOf(schema, body)];
}

/** The place of an answer's schema; undefined for one without a body. */
function schemaOfAnswer(described: Json, pointer: string): string | undefined {
  const place = typeof described.$ref === 'string' ? described.$ref.slice(1) : pointer;
  const { content } = resolved(described);
  return content === undefined ? undefined : `${place}/content/${escaped('application/json')}/schema`;
}

function problemsOf(pointer: string, value: unknown): string[] {
  const validate: ValidateFunction = ajv.compile({ $ref: `${ID}#${pointer.replace(/[{}]/g, encodeURIComponent)}` });
  if (validate(structuredClone(value))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function resolved(part: Json): Json {
  if (typeof part.$ref !== 'string') return part;
  const names = part.$ref.split('/').slice(1);
  return resolved(names.reduce<Json>((place, name) => place[name] as Json, document));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

const TEXTS: Record<string, string> = {
  uri: 'https://github.test/',
  'date-time': '2026-11-24T12:00:00Z',
  email: 'a@b.test',
};

function sample(given: Json): unknown {
  const schema = resolved(given);
  const [choice] = [schema.allOf, schema.anyOf, schema.oneOf].filter(Array.isArray).flat() as Json[];
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.nullable === true) return null;
  if (schema.type === undefined && choice !== undefined) return sample(choice);
  if (schema.type === 'string') return TEXTS[String(schema.format)] ?? 'text';
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  if (schema.type === 'boolean') return false;
  if (schema.type === 'array') return [];
  return sampleOfObject(schema);
}

function sampleOfObject({ required = [], properties = {} }: Json): Json {
  const names = required as string[];
  return Object.fromEntries(names.map((name) => [name, sample((properties as Record<string, Json>)[name] ?? {})]));
}
