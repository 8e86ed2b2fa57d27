import { ERRORS, RegistryError } from '@progy/protocol/errors.ts';
import { CommanderError } from 'commander';
import t from 'tap';
import { CLI_ERRORS, CliError } from '../cli-error.ts';
import { explainError } from '../explain-error.ts';

const withFields = (message: string, fields: object) => Object.assign(new Error(message), fields);

t.test('every error of the registry’s table has its code and a next step', async (t) => {
  for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
    t.match(explainError(new RegistryError(code)), { code, error: ERRORS[code].message, next: ERRORS[code].next });
  }
});

t.test('every error of the CLI has a next step', async (t) => {
  for (const code of Object.keys(CLI_ERRORS) as (keyof typeof CLI_ERRORS)[]) {
    t.same(explainError(new CliError(code, 'What happened')), { code, error: 'What happened', next: CLI_ERRORS[code] });
  }
});

t.test('the next step is exact where the evidence allows it', async (t) => {
  const next = (...args: ConstructorParameters<typeof RegistryError>) => explainError(new RegistryError(...args)).next;
  t.equal(
    next('UNAUTHORIZED', '', { registry: 'http://localhost:8787' }),
    'Sign in with: progy login --registry http://localhost:8787',
  );
  t.equal(next('UNAUTHORIZED', '', { registry: 'https://registry.progy.dev' }), 'Sign in with: progy login');
  t.equal(next('RATE_LIMITED', '', { retryAfterSeconds: 90 }), 'Try again in 90 seconds.');
  t.match(next('INTERNAL', '', { requestId: 'a1b2' }), /give the operator the request id\. The request id is a1b2$/);
  t.match(next('INVALID_ARTIFACT', '', { path: 'content/aux.md' }), /leave it out/);
  t.equal(next('INVALID_REQUEST', '', { next: 'Choose another name.\u001b[2J' }), 'Choose another name.\\u{1b}[2J');
});

t.test('short sentences are completed by what was found', async (t) => {
  t.equal(
    explainError(new RegistryError('INVALID_VERSION', undefined, { found: 'v1' })).error,
    'Invalid semantic version (v1)',
  );
  t.equal(explainError(new RegistryError('INVALID_VERSION', 'Own sentence', { found: 'v1' })).error, 'Own sentence');
});

t.test('pacote’s errors are told as the registry’s', async (t) => {
  const table: [object, string][] = [
    [{ code: 'E404', body: { error: 'gone', code: 'PACKAGE_NOT_FOUND' } }, 'PACKAGE_NOT_FOUND'],
    [{ code: 'E404', body: 'not found' }, 'PACKAGE_NOT_FOUND'],
    [{ code: 'E401', body: null }, 'UNAUTHORIZED'],
    [{ code: 'E503' }, 'UNAVAILABLE'],
    [{ code: 'E429' }, 'RATE_LIMITED'],
    [{ code: 'ENOVERSIONS' }, 'VERSION_NOT_FOUND'],
    [{ code: 'EINTEGRITY' }, 'INTEGRITY'],
    [{ code: 'ENOTCACHED' }, 'OFFLINE'],
  ];
  for (const [fields, code] of table) t.equal(explainError(withFields('x', fields)).code, code, JSON.stringify(fields));
  t.match(explainError(withFields('x', { code: 'ETARGET', wanted: '^3', versions: ['1.0.0', '1.1.0'] })), {
    code: 'VERSION_NOT_FOUND',
    error: 'No version of the course matches ^3. Available versions include 1.0.0, 1.1.0',
  });
});

t.test('a full disk and a forbidden folder are explained with the path', async (t) => {
  t.match(explainError(withFields('x', { code: 'ENOSPC' })), { code: 'FILE_SYSTEM', error: 'The disk is full' });
  t.match(explainError(withFields('x', { code: 'EACCES', path: '/x' })), {
    error: 'You do not have permission to read or write there: /x',
  });
});

t.test('commander’s complaint fits one line', async (t) => {
  const error = new CommanderError(
    1,
    'commander.unknownCommand',
    "error: unknown command 'pubish'\n(Did you mean publish?)",
  );
  t.match(explainError(error), { code: 'USAGE', error: "unknown command 'pubish' (Did you mean publish?)" });
});

t.test('what nobody foresaw is unexpected, whatever was thrown', async (t) => {
  t.match(explainError(new TypeError('x is not a function')), { code: 'UNEXPECTED', error: 'x is not a function' });
  t.match(explainError('a string'), { code: 'UNEXPECTED', error: 'a string' });
  t.match(explainError(undefined), { code: 'UNEXPECTED' });
});

t.test('no text reaches a terminal raw', async (t) => {
  const evil = '\u001b[2J\u009b31m\u202e';
  for (const error of [new Error(evil), new RegistryError('FORBIDDEN', evil), new CliError('USAGE', evil, evil)]) {
    const { error: sentence, next } = explainError(error);
    t.notMatch(sentence + next, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

t.test('what the registry says to do next goes before the advice of the table, also where pacote met it', async (t) => {
  const body = { error: '@diego/rust was unpublished', code: 'PACKAGE_NOT_FOUND', next: 'Ask for another.' };
  const told = { error: body.error, next: body.next };
  t.match(explainError(new RegistryError('PACKAGE_NOT_FOUND', body.error, { next: body.next })), told);
  t.match(explainError(withFields('x', { code: 'E404', body })), told);
});
