// Owns reading what a person typed or pasted instead of the name of a course: an address, a command of npm, half a name.
import { tryParsePackageName } from '@progy/protocol/course/package-name.ts';

/** What was probably meant. */
export interface Typed {
  /** `@scope/slug`, with the version if there was one; undefined if no scope can be told. */
  readonly spec?: string;
  /** Origin of the registry, if an address was pasted. */
  readonly registry?: string;
  /** Without the `@`. */
  readonly scope?: string;
  readonly slug: string;
  /** Words to search for, the longest first. */
  readonly words: readonly string[];
}

/** Nobody types more; pasted text may be anything. */
const MAX_LENGTH = 500;

export function readTyped(text: string): Typed {
  const word = lastName(text.slice(0, MAX_LENGTH).trim());
  const url = /^https?:\/\//i.test(word) ? URL.parse(word) : null;
  return url === null ? fromName(word) : { ...fromPath(url), registry: url.origin };
}

/** Of `npm install @diego/rust`, the last word; of several words with a name among them, the name. */
function lastName(text: string): string {
  const words = text.split(/\s+/).map((word) => word.replace(/^["'<(]+/, '').replace(/["'>),;.]+$/, ''));
  return words.findLast((word) => word.includes('/')) ?? words.at(-1) ?? '';
}

/** `/@diego/rust`, `/@diego/rust/v/1.0.0`, `/@diego/rust/-/rust-1.0.0.tgz`, below any path. */
function fromPath({ pathname }: URL): Typed {
  const parts = decoded(pathname).split('/').filter(Boolean);
  const start = parts.findIndex((part) => part.startsWith('@'));
  const [scope = '', slug = '', mark, rest = ''] = start === -1 ? parts.slice(-2) : parts.slice(start);
  const file = rest.startsWith(`${slug}-`) && rest.endsWith('.tgz') ? rest.slice(slug.length + 1, -'.tgz'.length) : '';
  const version = mark === 'v' ? rest : mark === '-' ? file : '';
  return fromName(`${scope}/${slug}${version === '' ? '' : `@${version}`}`);
}

function fromName(word: string): Typed {
  const [name, version] = splitVersion(word);
  const [slug = '', scope] = name.toLowerCase().replace(/^@/, '').split('/').filter(Boolean).reverse();
  const words = [...new Set(slug.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 1))];
  const full = scope === undefined ? undefined : tryParsePackageName(`@${scope}/${slug}`)?.full;
  return {
    ...(full === undefined ? {} : { spec: version === '' ? full : `${full}@${version}`, scope }),
    slug,
    words: words.sort((one, other) => other.length - one.length),
  };
}

function splitVersion(word: string): [name: string, version: string] {
  const at = word.lastIndexOf('@');
  return at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, ''];
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
