// Owns what `npm token create` sends: a request with a limit that the registry cannot enforce is refused.

import { isNamePart, parsePackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import { quote } from '@progy/protocol/quote.ts';
import { z } from 'zod';
import type { TokenPlan } from '../../../domain/accounts/tokens.ts';

const MAX_NAME = 100;
const MAX_LIST = 100;
const MAX_DAYS = 3650;
const DEFAULT_NAME = 'token';

/** npm 10 sends `readonly`, npm 11 and 12 `packages_and_scopes_permission`; lists are left out when they are empty. */
const tokenSchema = z.strictObject({
  password: z.string().min(1).max(1_000),
  name: z
    .string()
    .trim()
    .min(1)
    .max(MAX_NAME)
    .refine((name) => escapeControls(name) === name, 'has characters that do not print')
    .nullish(),
  readonly: z.boolean().optional(),
  packages_and_scopes_permission: z.enum(['read-only', 'read-write']).optional(),
  packages: z.array(z.string()).min(1).max(MAX_LIST).optional(),
  scopes: z.array(z.string()).min(1).max(MAX_LIST).optional(),
  packages_all: z.boolean().optional(),
  cidr_whitelist: z.array(z.cidrv4()).max(MAX_LIST).optional(),
  expires: z.int().min(1).max(MAX_DAYS).optional(),
});

type TokenBody = z.infer<typeof tokenSchema>;

/**
 * The token that a body asks for, and the password that confirms it.
 * @throws {RegistryError} INVALID_REQUEST for a limit that the registry does not know; INVALID_NAME for a package.
 */
export function parseTokenRequest(body: unknown): { password: string; plan: TokenPlan } {
  const result = tokenSchema.safeParse(body);
  if (!result.success) throw refusal(result.error.issues[0]);
  const { password, name, expires, ...limits } = result.data;
  const plan: TokenPlan = {
    name: name ?? DEFAULT_NAME,
    limits: {
      readonly: limits.readonly === true || limits.packages_and_scopes_permission === 'read-only',
      cidrs: limits.cidr_whitelist?.length ? limits.cidr_whitelist : null,
      courses: coursesIn(limits),
    },
    ...(expires === undefined ? {} : { days: expires }),
  };
  return { password, plan };
}

function coursesIn({ packages = [], scopes = [], packages_all }: Partial<TokenBody>): string[] | null {
  const courses = [...scopes.map(parseScope), ...packages.map((name) => parsePackageName(name).full)];
  if (packages_all && courses.length > 0)
    throw new RegistryError('INVALID_REQUEST', 'A token reaches all packages or some, not both', {
      path: 'packages_all',
    });
  return courses.length > 0 ? courses : null;
}

/** npm takes scopes with and without the `@`. */
function parseScope(text: string): string {
  const scope = text.replace(/^@/, '');
  if (isNamePart(scope)) return `@${scope}`;
  throw new RegistryError('INVALID_REQUEST', 'A scope looks like @diego', {
    path: 'scopes',
    found: quote(text),
  });
}

function refusal(issue: z.core.$ZodIssue | undefined): RegistryError {
  if (issue?.code === 'unrecognized_keys') {
    const found = issue.keys.map((key) => quote(key));
    const message = `This registry does not support tokens with ${found.join(', ')}, so it created none`;
    return new RegistryError('INVALID_REQUEST', message, { found });
  }
  const path = issue?.path.join('.') || 'body';
  return new RegistryError('INVALID_REQUEST', `The token request is not valid, ${path}: ${issue?.message}`, { path });
}
