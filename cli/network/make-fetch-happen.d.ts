// Owns the types of what we use of make-fetch-happen: those that are published replace the types of fetch everywhere.
declare module 'make-fetch-happen' {
  interface Options {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal: AbortSignal;
    /** Folder of a cacache. */
    readonly cachePath: string;
    readonly redirect: 'manual';
    readonly retry: number;
  }
  interface Response {
    readonly status: number;
    readonly headers: { get(name: string): string | null };
    readonly body: AsyncIterable<Uint8Array>;
  }
  export default function fetch(url: string, options: Options): Promise<Response>;
}
