// Owns the types of the part of make-fetch-happen that we use: the published types replace those of fetch everywhere.
declare module 'make-fetch-happen' {
  import type { Agent } from 'node:http';

  interface Options {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly agent: Agent;
    /** Folder of a cacache. */
    readonly cachePath: string;
    readonly redirect: 'manual';
    readonly retry: number;
    /** Milliseconds until the head of the answer, and between its bytes. */
    readonly timeout: number;
    /** What the cache is for. */
    readonly cache: 'default' | 'force-cache' | 'only-if-cached';
  }
  interface Response {
    readonly status: number;
    readonly headers: { get(name: string): string | null };
    readonly body: AsyncIterable<Uint8Array>;
  }
  export default function fetch(url: string, options: Options): Promise<Response>;
}
