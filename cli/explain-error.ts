// Owns turning any error into a sentence, a code, and one thing to do next.

import { ERRORS, type ErrorCode, type Evidence, isErrorCode, RegistryError } from '@progy/protocol/errors.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { quote } from '@progy/protocol/quote.ts';
import { foreignErrorSchema } from '@progy/protocol/wire/error-body.ts';
import { CommanderError } from 'commander';
import { CLI_ERRORS, CliError, type CliErrorCode } from './cli-error.ts';
import { DEFAULT_REGISTRY } from './registry/choice.ts';
import { GitError } from './student/git.ts';
import { formatWait } from './terminal/format.ts';

/** What a person, or a program with --json, sees. All text is safe to print. */
export interface Explanation {
  readonly error: string;
  readonly code: string;
  readonly next: string;
  /** Facts of a registry error, as fields. */
  readonly details?: Evidence;
}

/** @param help the command that explains how to use what was typed. */
export function explainError(error: unknown, help = 'progy --help'): Explanation {
  if (error instanceof RegistryError) return explainRegistryError(error);
  if (error instanceof CliError) return explanation(error.code, error.message, error.next);
  if (error instanceof CommanderError) return explainUsage(error, help);
  if (error instanceof GitError) return explanation('GIT_FAILED', `git: ${error.message.split('\n')[0]}`);
  return explainPacote(error) ?? explainFileSystem(error) ?? explainUnknown(error);
}

function explainRegistryError({ code, message, evidence }: RegistryError): Explanation {
  const details = Object.keys(evidence).length > 0 ? { details: evidence } : {};
  return { ...explanation(code, withFinding(message, code, evidence), nextFor(code, evidence)), ...details };
}

/** The seed's short sentences do not name the faulty value. */
function withFinding(message: string, code: ErrorCode, { found, problem }: Evidence): string {
  const finding = found ?? problem;
  return message === ERRORS[code].message && typeof finding === 'string' ? `${message} (${finding})` : message;
}

/** The table's advice, made specific by the evidence, or the evidence's own advice. */
function nextFor(code: ErrorCode, { next, registry, retryAfterSeconds, path, requestId }: Evidence): string {
  if (typeof next === 'string') return next;
  if (code === 'UNAUTHORIZED' && typeof registry === 'string' && `${registry}/` !== DEFAULT_REGISTRY) {
    return `Sign in with: progy login --registry ${registry}`;
  }
  if (code === 'RATE_LIMITED' && typeof retryAfterSeconds === 'number') {
    return `Try again in ${formatWait(retryAfterSeconds)}.`;
  }
  if (code === 'INVALID_ARTIFACT' && typeof path === 'string') {
    return 'Fix it, or leave it out with "files" in course.json or with .gitignore. Then pack the course again.';
  }
  if (typeof requestId === 'string') return `${ERRORS[code].next} The request id is ${quote(requestId)}`;
  return ERRORS[code].next;
}

/** commander's sentence: `error: unknown command 'pubish'`, a line feed, `(Did you mean publish?)`. */
function explainUsage({ code, message }: CommanderError, help: string): Explanation {
  const problem =
    code === 'commander.help' ? 'The command is incomplete' : message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return explanation('USAGE', problem, `See: ${help}`);
}

/** An error of pacote or npm-registry-fetch, as far as its fields are known. */
interface PacoteError extends Error {
  readonly code?: string;
  /** Body of an HTTP error, as JSON or text. */
  readonly body?: unknown;
  /** With ETARGET: the versions that exist. */
  readonly versions?: readonly string[];
  readonly wanted?: string;
}

function explainPacote(error: unknown): Explanation | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, body, message } = error as PacoteError;
  const said = foreignErrorSchema.safeParse(body).data;
  if (isErrorCode(said?.code)) {
    const { code: known, error: sentence, next } = said;
    return explainRegistryError(new RegistryError(known, sentence, next === undefined ? {} : { next }));
  }
  if (code === 'ETARGET' || code === 'ENOVERSIONS') return explainNoVersion(error as PacoteError);
  if (code === 'EINTEGRITY') return explanation('INTEGRITY', 'The downloaded course does not match its checksum');
  if (code === 'ENOTCACHED') return explanation('OFFLINE', 'The course is not in the cache on this machine');
  if (code === 'E404') return explainRegistryError(new RegistryError('PACKAGE_NOT_FOUND'));
  if (code === 'E401' || code === 'E403') return explainRegistryError(new RegistryError('UNAUTHORIZED'));
  if (code !== undefined && /^E5\d\d$/.test(code)) return explainRegistryError(new RegistryError('UNAVAILABLE'));
  if (code === 'E429') return explainRegistryError(new RegistryError('RATE_LIMITED'));
  if (/invalid json response body/i.test(message)) {
    return explanation('NOT_A_REGISTRY', 'That address is not a registry: its answer is not JSON');
  }
  return undefined;
}

function explainNoVersion({ versions = [], wanted }: PacoteError): Explanation {
  const there = versions.slice(-5).join(', ');
  const error = `No version of the course matches ${wanted ?? 'that'}${there === '' ? '' : `. Available versions include ${there}`}`;
  return explanation('VERSION_NOT_FOUND', error, 'Choose an available version, or leave it out to get the latest.');
}

const FILE_SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'Your disk quota is used up',
  EFBIG: 'A file would exceed the size limit',
  EACCES: 'You do not have permission to read or write there',
  EPERM: 'You do not have permission to read or write there',
  EROFS: 'The disk is read-only',
  ENOENT: 'No such file or folder',
  ENOTDIR: 'Part of the path is not a folder',
  EISDIR: 'Expected a file but found a folder',
  EMFILE: 'Too many files are open',
  ENAMETOOLONG: 'A name is too long for this disk',
};

function explainFileSystem(error: unknown): Explanation | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const problem = code === undefined ? undefined : FILE_SYSTEM[code];
  if (problem === undefined) return undefined;
  return explanation('FILE_SYSTEM', path === undefined ? problem : `${problem}: ${path}`);
}

function explainUnknown(error: unknown): Explanation {
  return explanation('UNEXPECTED', error instanceof Error ? error.message : String(error));
}

function explanation(code: string, error: string, next?: string): Explanation {
  return { error: escapeControls(error), code, next: escapeControls(next ?? defaultNext(code)) };
}

function defaultNext(code: string): string {
  if (isErrorCode(code)) return ERRORS[code].next;
  return CLI_ERRORS[code as CliErrorCode] ?? CLI_ERRORS.UNEXPECTED;
}
