// Owns what a command may use of its environment: `main` and tests pass it in, and nothing reads `process` directly.
import type { NetworkPolicy } from './network/policy.ts';
import type { Talk } from './terminal/talk.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Context {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  readonly env: Environment;
  /** Absolute path of the person's home folder. */
  readonly home: string;
  /** Name of this computer. */
  readonly host: string;
  /** How to call progy again: `progy`, or the whole command for somebody who runs it once through npx. */
  readonly progy: string;
  /** A sentence with the command that gets the newest progy of a registry, in the way in which this one was got. */
  update(registry: string): string;
  readonly talk: Talk;
  /** Characters that fit in one line of output. */
  readonly columns: number;
  /** Aborted by Ctrl-C; its reason is the error to end with. */
  readonly signal: AbortSignal;
  /** Standard input, for what is piped in. */
  readonly stdin: NodeJS.ReadableStream;
  /** How long to wait for the network. Undefined: the usual policy. */
  readonly networkPolicy?: NetworkPolicy;
}
