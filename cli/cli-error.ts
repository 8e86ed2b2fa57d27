// Owns the errors of the command line alone; the registry's are in the protocol's table.

/** What a person can do next, for each error of the command line itself. */
export const CLI_ERRORS = {
  USAGE: 'See: progy --help',
  INTERRUPTED: 'Nothing was left behind. Run the command again when you are ready.',
  NO_TERMINAL: 'Pass the value as an option. See: progy login --help',
  NOT_APPROVED: 'Run it again: progy login',
  TARGET_NOT_EMPTY: 'Choose a folder that does not exist yet: progy init @scope/slug my-folder',
  NOT_IN_A_COURSE: 'Go to the folder of a course first (cd), or start one: progy init @scope/slug',
  LOCK_INVALID: 'Get the file back as it was: git checkout -- progy-lock.json',
  LOCKFILE_INVALID: 'Make the lockfile again with the package manager that wrote it.',
  LOCKFILE_MISMATCH: 'Nothing was written. Tell whoever keeps the lockfile, and the operator of the registry.',
  LOCKFILE_AMBIGUOUS: 'Keep one of them, or name the version: progy init @scope/slug@1.0.0',
  INSIDE_NODE_MODULES: 'Go to the class folder, above node_modules, then run: npm start',
  NOT_IN_A_CLASS: 'Go to the folder of the class first (cd), or make one: progy classroom create @scope/slug',
  NOT_INSTALLED: 'Run: npm ci',
  NOT_A_MIRROR: 'Make one: progy mirror @scope/slug -o DIR',
  MANAGER_FAILED: 'Install it, or choose another: --manager npm',
  EXERCISE_NOT_FOUND: 'See them all: progy list',
  EXERCISE_AMBIGUOUS: 'Use its number from: progy list',
  RUNNER_INVALID: 'Tell the author of the course: its course.json needs a change.',
  RUNNER_NOT_FOUND: 'Tell the author of the course, or mark the exercise by hand: progy done',
  RUNNER_FAILED: 'See what the course needs: progy check',
  NO_EDITOR: 'Say which to use: export EDITOR=nano',
  NO_DOCKER: 'Install Docker, or start it: https://docs.docker.com/get-docker/',
  ADOPTED: 'See what is new: progy status',
  BUSY: 'Wait until the other one has ended, then try again.',
  CHANGED_MEANWHILE: 'Everything is as it was. Close what writes there, then try again.',
  GIT_FAILED: 'See what git says: git status',
  GIT_IS_BUSY: 'Everything is as it was. End the other git, or remove that file if there is none, then try again.',
  MERGE_UNDER_WAY: 'Finish it, or give it up. See: git status',
  NO_MERGE: 'To go back from the last update: progy update --undo',
  NOTHING_TO_UNDO: 'See: progy status',
  NOT_RECOGNIZED: 'Name the version: progy adopt @scope/slug@1.0.0',
  OTHER_BRANCH: 'Go to that branch first: git switch',
  NOT_AGREED: 'To agree beforehand: --yes',
  NO_REPOSITORY:
    'Make one in the folder of the course: git init -b main && git add --all --force && git commit -m "Start"',
  REMOTE_EXISTS: 'Push to the one that is there: progy portfolio',
  REMOTE_INVALID: 'Give the address that the host shows for git: progy portfolio --remote <url>',
  NAMES_TAKEN: 'Choose another name: progy portfolio --name my-rust',
  GH_NOT_READY: 'Use another way: progy portfolio --github, or progy portfolio --remote <url>',
  NOT_OFFERED: 'Use another way: progy portfolio --gh, or progy portfolio --remote <url>',
  PUSH_FAILED: 'Nothing is lost. To finish, run in the folder of the course: progy portfolio',
  FILE_NOT_FOUND: 'Check the path.',
  FILE_SYSTEM: 'Check that the disk has free space and that you have permission, then try again.',
  UNREACHABLE: 'Check the network connection and the address, then try again.',
  OFFLINE: 'Run it once without --offline.',
  PROXY:
    'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY. A proxy that asks for a password wants it in there: http://name:password@host:port',
  CERTIFICATE:
    'Check the address, and the clock of this machine. A school network may need its own certificate: NODE_EXTRA_CA_CERTS=file.pem',
  NOT_A_REGISTRY: 'Check the address. On a guest network, open a web page and sign in to the network first.',
  UNSAFE_ANSWER: 'Nothing was written. Tell the operator of the registry.',
  INTEGRITY: 'Nothing was written. Try again. If it keeps failing, tell the operator of the registry.',
  SIGNATURE: 'Nothing was written. Tell the operator of the registry: somebody may have changed the course.',
  OTHER_PROGY_NEEDED: 'Get the newest progy, then try again.',
  YANKED: 'Nothing was written. Choose another version of the course.',
  UNEXPECTED: 'Run it again with PROGY_DEBUG=1 to see where it happened.',
} as const;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** An error with a sentence for a person and one thing to do next. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly next: string;

  constructor(code: CliErrorCode, message: string, next: string = CLI_ERRORS[code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.next = next;
  }
}
