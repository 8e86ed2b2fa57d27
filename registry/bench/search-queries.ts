// Owns the measured searches: names, rare words, and the most common words.
import { PING_PATH, SEARCH_PATH } from '@progy/protocol/wire/urls.ts';
import type { Scenario, Timing } from './turns.ts';

const QUERIES: [title: string, text: string][] = [
  ['a name', 'rust-mastery'],
  ['one rare word', 'roguelike'],
  ['one word of many courses', 'javascript'],
  ['two words', 'sql mystery'],
  ['words that no course has all of', 'how to learn regular expressions quickly'],
  ['a scope', 'scope:marta'],
  ['a keyword of many courses', 'keywords:web'],
  ['a word of every README', 'exercise'],
  ['four words of many courses', 'javascript exercise web testing'],
  ['a phrase of common words that no course has', '"exercise each"'],
  ['what many words begin with', 'te'],
  ['nothing found', 'qxzvw'],
];

/** A ping, and all of the searches. @param origin of the registry. */
export function searchesAt(origin: string): Scenario[] {
  const searches = QUERIES.map(([title, text]) => ({
    title,
    url: `${origin}${SEARCH_PATH}?${new URLSearchParams({ text })}`,
  }));
  return [{ title: 'ping', url: origin + PING_PATH }, ...searches];
}

/** The courses found. */
export interface Found {
  total: number;
  totalIsComplete: boolean;
}

/** The total in the answer to a search. */
export function foundIn({ body }: Timing): Found {
  const { total, totalIsComplete }: Found = JSON.parse(new TextDecoder().decode(body));
  return { total, totalIsComplete };
}

/** A line of the table of searches. */
export function searchLine(timing: Timing): string {
  const { total, totalIsComplete } = foundIn(timing);
  return `${timing.line}  ${totalIsComplete ? '' : 'more than '}${total} found`;
}
