// Owns timing requests that take turns, so that changes in the machine's load affect them all alike.

/** What is asked for. */
export interface Scenario {
  title: string;
  url: string;
  headers?: Record<string, string>;
}

/** How long one scenario took. */
export interface Timing {
  title: string;
  /** The median. */
  ms: number;
  /** As a ratio to the first scenario, the minimum cost of an answer. */
  timesFirst: number;
  /** Of the last answer. */
  body: ArrayBuffer;
  /** All of that as text, except the body. */
  line: string;
}

/**
 * Asks for each scenario once in every round.
 * @throws {Error} for an answer that is neither what was asked for, nor "not modified", nor "not found".
 */
export async function timeInTurns(rounds: number, scenarios: readonly Scenario[]): Promise<Timing[]> {
  const samples: number[][] = scenarios.map(() => []);
  const bodies: ArrayBuffer[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [i, scenario] of scenarios.entries()) {
      const begun = performance.now();
      bodies[i] = await ask(scenario, round);
      samples[i]?.push(performance.now() - begun);
    }
  }
  const medians = samples.map((sample) => sample.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0);
  return scenarios.map(({ title }, i) => timing(title, medians[i] ?? 0, medians[0] ?? 1, bodies[i]));
}

/** Each round uses another address: the registry limits searches by address. */
async function ask({ url, headers }: Scenario, round: number): Promise<ArrayBuffer> {
  const address = `198.18.${Math.floor(round / 256)}.${round % 256}`;
  const answer = await fetch(url, { headers: { ...headers, 'CF-Connecting-IP': address } });
  const body = await answer.arrayBuffer();
  if (![200, 304, 404].includes(answer.status)) throw new Error(`${url}: ${answer.status}`);
  return body;
}

function timing(title: string, ms: number, first: number, body = new ArrayBuffer(0)): Timing {
  const line = `${title.padEnd(40)} ${ms.toFixed(2).padStart(8)} ms  ${(ms / first).toFixed(1).padStart(5)} × ping`;
  return { title, ms, timesFirst: ms / first, body, line };
}
