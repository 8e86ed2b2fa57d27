// Owns refusing what npm clients can ask for and this registry does not have, with what to do instead.
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
    'This registry has no staging: npm publish and progy publish take effect at once',
  ),
  ...refusals(
    ANY,
    ['/-/npm/v1/oidc/*'],
    'NOT_FOUND',
    'This registry has no trusted publishing: create a token with npm token create',
  ),
  ...refusals(
    ANY,
    ['/-/package/:scope{@[^/]+}/:slug/trust', '/-/package/:scope{@[^/]+}/:slug/trust/*'],
    'NOT_FOUND',
    'This registry has no trusted publishing: create a token with npm token create',
  ),
  ...refusals(
    ANY,
    ['/-/npm/v1/attestations/*'],
    'NOT_FOUND',
    'This registry has no attestations: it signs every version, with the keys at /-/npm/v1/keys',
  ),
  ...refusals(ANY, ['/-/npm/v1/hooks', '/-/npm/v1/hooks/*'], 'NOT_FOUND', 'This registry has no hooks'),
  ...refusals(ANY, ['/-/_view/*'], 'NOT_FOUND', 'This registry has no stars: to find popular courses, use npm search'),
  ...refusals(ANY, ['/-/all', '/-/all/*'], 'NOT_FOUND', 'This registry does not list all packages: use npm search'),
  ...refusals(
    ['PUT', 'POST', 'DELETE'],
    ['/-/npm/v1/user'],
    'METHOD_NOT_ALLOWED',
    'Profiles on this registry cannot be changed with npm: npm profile get only shows them',
  ),
];

function refusals(methods: string[], paths: string[], code: ErrorCode, message: string): Refusal[] {
  return paths.map((path) => ({ methods, path, code, message }));
}

/** A handler that throws this refusal. */
export function refuse({ code, message }: Pick<Refusal, 'code' | 'message'>): () => never {
  return () => {
    throw new RegistryError(code, message);
  };
}

/** PUT and DELETE below a course that no client sends. */
export function refuseWrite(): never {
  throw new RegistryError('METHOD_NOT_ALLOWED', 'To publish a course, use npm publish or progy publish', {
    next: 'progy publish',
  });
}

/** GET /<name>: a package without a scope, such as npm or pnpm, which each ask for themselves. It may be kept. */
export function getUnscoped(c: AppContext): Response {
  const name = nameIn(c);
  const message = `Package not found: ${name}. This registry has courses, with names such as @diego/rust-mastery`;
  const error = new RegistryError('PACKAGE_NOT_FOUND', message, { name });
  return answer<ErrorBody>(c, errorBody(error), 404, { 'Cache-Control': PROBE_CACHING });
}

/** PUT /<name>: npm publish of a package without a scope. */
export function putUnscoped(c: AppContext): never {
  const found = nameIn(c);
  throw new RegistryError('INVALID_NAME', `A course needs a scope in its name, such as @username/${found}`, { found });
}

function nameIn(c: AppContext): string {
  return quote(c.req.param('name') ?? '');
}
