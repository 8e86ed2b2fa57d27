// Owns how long progy waits for the network and how often it tries: one policy for every command.

export interface NetworkPolicy {
  /** Milliseconds until a connection must be open, encryption included. */
  readonly connectMs: number;
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly idleMs: number;
  /** Milliseconds until an answer must be complete, unless it is a course. */
  readonly answerMs: number;
  /** Milliseconds for a registry to check and store an upload. Converting 100 MB takes it seconds on a good day. */
  readonly storeMs: number;
  /** Tries after the first, for requests that may be repeated. */
  readonly retries: number;
  /** Milliseconds before the second try. Later waits double. */
  readonly firstWaitMs: number;
  /** Nobody waits longer than this at a terminal: the error says how long to wait instead. In milliseconds. */
  readonly longestWaitMs: number;
}

export const NETWORK_POLICY: NetworkPolicy = {
  connectMs: 10_000,
  idleMs: 30_000,
  answerMs: 60_000,
  storeMs: 60_000,
  retries: 2,
  firstWaitMs: 500,
  longestWaitMs: 30_000,
};

/** The policy of a run, and who hears about it. */
export interface Network {
  readonly policy: NetworkPolicy;
  /** Tells a person in one line that something is tried again, and why. */
  say(line: string): void;
}

/** The usual policy. Nobody hears about it. */
export const QUIET_NETWORK: Network = { policy: NETWORK_POLICY, say() {} };
