// Owns the table of errors: what the registry answers, the CLI explains and the docs list.

/** One row: the HTTP status, the default sentence, and what a person can do next (the CLI prints it). */
interface ErrorRow {
  status: number;
  message: string;
  next: string;
}

/**
 * Every error a person can meet. The registry answers `{error, code, …evidence}` with the row's status;
 * the CLI prints the sentence and `next`. Codes of the seed plan §9 keep their names.
 */
export const ERRORS = {
  INVALID_NAME: {
    status: 400,
    message: 'Invalid package name. Must be @username/slug',
    next: 'Use a name such as @diego/rust-mastery: lower-case letters, digits, ".", "_" and "-".',
  },
  INVALID_VERSION: {
    status: 400,
    message: 'Invalid semantic version',
    next: 'Use three numbers such as 1.0.0, or a prerelease such as 2.0.0-beta.1.',
  },
  INVALID_TAG: {
    status: 400,
    message: 'Invalid dist-tag',
    next: 'Use a word that is not a version, such as beta or fall-2026.',
  },
  INVALID_COURSE: {
    status: 400,
    message: 'course.json is not valid',
    next: 'Correct course.json, then check it with: progy publish --dry-run',
  },
  INVALID_ARTIFACT: {
    status: 400,
    message: 'The .progy file is not valid',
    next: 'Pack the course again with: progy pack',
  },
  INVALID_REQUEST: {
    status: 400,
    message: 'The request is malformed',
    next: 'Update the client and try again.',
  },
  METADATA_MISMATCH: {
    status: 400,
    message: 'The metadata disagrees with course.json',
    next: 'Correct course.json, or send no metadata: the registry goes by course.json.',
  },
  TAG_REQUIRED: {
    status: 400,
    message: 'A prerelease needs a tag',
    next: 'Add one: progy publish --tag beta',
  },
  UNAUTHORIZED: {
    status: 401,
    message: 'Unauthorized',
    next: 'Sign in with: progy login',
  },
  FORBIDDEN: {
    status: 403,
    message: 'Permission denied: You do not own this package',
    next: 'Ask an owner of the scope for access, or use your own scope. See who you are signed in as: progy whoami',
  },
  NOT_FOUND: {
    status: 404,
    message: 'Not found',
    next: 'Check the address.',
  },
  PACKAGE_NOT_FOUND: {
    status: 404,
    message: 'Package not found',
    next: 'Check the spelling of @scope/slug. A private course needs: progy login',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    message: 'Version not found',
    next: 'List the versions with: progy info @scope/slug',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'This registry does not support that request',
    next: 'Publish with npm publish or progy publish. Change a course with npm dist-tag, deprecate, owner, access or unpublish, or with progy yank.',
  },
  VERSION_EXISTS: {
    status: 409,
    message: 'Version already exists',
    next: 'Raise "version" in course.json and publish again.',
  },
  REVISION_CONFLICT: {
    status: 409,
    message: 'Somebody changed the course in the meantime',
    next: 'Nothing was done. Run the command again.',
  },
  NAME_TAKEN: {
    status: 409,
    message: 'That username or email is taken',
    next: 'Choose another name. If this one is yours, sign in with its password.',
  },
  GITHUB_NOT_LINKED: {
    status: 409,
    message: 'You have not let this registry make repositories on GitHub',
    next: 'Open /portfolio/github of the registry in a browser, then try again: progy portfolio --github',
  },
  GITHUB_REFUSED: {
    status: 422,
    message: 'GitHub refused',
    next: 'Make the repository yourself, then: progy portfolio --remote <url>',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'File too large',
    next: 'Leave large files out with "files" in course.json. See what is packed with: progy pack --list',
  },
  RATE_LIMITED: {
    status: 429,
    message: 'Too many requests',
    next: 'Wait as long as the Retry-After header says, then try again.',
  },
  INTERNAL: {
    status: 500,
    message: 'The registry failed',
    next: 'Try again. If it keeps failing, give the operator the request id.',
  },
  R2_UPLOAD_FAILED: {
    status: 500,
    message: 'Storage upload failed',
    next: 'Nothing was published. Try again.',
  },
  ARTIFACT_MISSING: {
    status: 500,
    message: 'The stored file cannot be read',
    next: 'Tell the operator: the version exists but its bytes are missing.',
  },
  GITHUB_UNAVAILABLE: {
    status: 503,
    message: 'GitHub does not answer',
    next: 'Nothing was lost. Try again in a few minutes: progy portfolio --github',
  },
  UNAVAILABLE: {
    status: 503,
    message: 'The registry is busy',
    next: 'Try again in a few seconds.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** Facts about an error, sent beside `error` and `code` so that nobody has to parse a sentence. */
export type Evidence = Record<string, unknown>;

/** An error from the table. `evidence` travels to the client as fields; `message` is one sentence for a person. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: ErrorCode;
  readonly evidence: Evidence;

  constructor(
    code: ErrorCode,
    message: string = ERRORS[code].message,
    evidence: Evidence = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.evidence = evidence;
  }

  /** HTTP status of this error. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** True for a string that is a code of the table. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
