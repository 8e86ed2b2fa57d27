// Owns what npm clients can ask for and this registry does not have: each is refused with what to do instead.
import { type ErrorCode, RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { type ErrorBody, errorBody } from '@progy/protocol/wire/error-body.ts';
import type { AppContext } from '../../app-env.ts';
import { answer } from '../../http/answer.ts';

/** Clients ask for their own newest version each time they run. */
const PROBE_CACHING = 'public, max-age=3600';

interface Refusal {
  methods: string[];
  path: string;
  code: ErrorCode;
  message: string;
}

const ANY = ['GET', 'PUT', 'POST', 'DELETE'];

/** Addresses that npm's clients know. */
export const NOT_OFFERED: readonly Refusal[] = [
  ...refusals(
    ANY,
    ['/-/stage', '/-/stage/*'],
    'NOT_FOUND',
    'There is no staging here: npm publish and progy publish publish at once',
  ),
  ...refusals(
    ANY,
    ['/-/npm/v1/oidc/*'],
    'NOT_FOUND',
    'There is no trusted publishing here: use a token, made with npm token create',
  ),
  ...refusals(
    ANY,
    ['/-/package/:scope{@[^/]+}/:slug/trust', '/-/package/:scope{@[^/]+}/:slug/trust/*'],
    'NOT_FOUND',
    'There is no trusted publishing here: use a token, made with npm token create',
  ),
  ...refusals(
    ANY,
    ['/-/npm/v1/attestations/*'],
    'NOT_FOUND',
    'There are no attestations here: the registry signs every version, with the keys at /-/npm/v1/keys',
  ),
  ...refusals(ANY, ['/-/npm/v1/hooks', '/-/npm/v1/hooks/*'], 'NOT_FOUND', 'There are no hooks here'),
  ...refusals(
    ANY,
    ['/-/_view/*'],
    'NOT_FOUND',
    'There are no stars here: downloads tell what is liked, see npm search',
  ),
  ...refusals(ANY, ['/-/all', '/-/all/*'], 'NOT_FOUND', 'There is no list of everything here: use npm search'),
  ...refusals(
    ['PUT', 'POST', 'DELETE'],
    ['/-/npm/v1/user'],
    'METHOD_NOT_ALLOWED',
    'npm cannot change a profile of this registry: it only shows it, with npm profile get',
  ),
];

function refusals(methods: string[], paths: string[], code: ErrorCode, message: string): Refusal[] {
  return paths.map((path) => ({ methods, path, code, message }));
}

/** A handler that refuses like this. */
export function refuse({ code, message }: Pick<Refusal, 'code' | 'message'>): () => never {
  return () => {
    throw new RegistryError(code, message);
  };
}

/** PUT and DELETE below a course that no client sends. */
export function refuseWrite(): never {
  throw new RegistryError('METHOD_NOT_ALLOWED', 'Courses are published with: npm publish, or progy publish', {
    next: 'progy publish',
  });
}

/** GET /<name>: a package without a scope, such as npm or pnpm, which each ask for themselves. It may be kept. */
export function getUnscoped(c: AppContext): Response {
  const name = nameIn(c);
  const message = `Package not found: ${name}. This registry has courses, and their names are like @diego/rust-mastery`;
  const error = new RegistryError('PACKAGE_NOT_FOUND', message, { name });
  return answer<ErrorBody>(c, errorBody(error), 404, { 'Cache-Control': PROBE_CACHING });
}

/** PUT /<name>: npm publish of a package without a scope. */
export function putUnscoped(c: AppContext): never {
  const found = nameIn(c);
  throw new RegistryError('INVALID_NAME', `A course has a scope in its name, such as @username/${found}`, { found });
}

function nameIn(c: AppContext): string {
  return quote(c.req.param('name') ?? '');
}
