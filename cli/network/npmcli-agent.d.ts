// Owns the types of the part of @npmcli/agent that we use: it comes without any.
declare module '@npmcli/agent' {
  import type { Agent } from 'node:http';

  /** In milliseconds. */
  interface Timeouts {
    readonly connection: number;
    readonly idle: number;
  }
  const agent: { getAgent(url: string, options: { readonly timeouts: Timeouts }): Agent };
  export default agent;
}
