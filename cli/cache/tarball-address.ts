// Owns which course and version an address of a tarball stands for.

/** A version of a course at a registry, as an address says it. */
export interface AddressedCourse {
  readonly name: string;
  readonly version: string;
  /** Origin and path of the registry, without a slash at the end. */
  readonly registry: string;
}

/** Reads `https://registry/@scope/slug/-/slug-1.0.0.tgz`. Of other addresses, the name is the address. */
export function courseAt(url: string): AddressedCourse {
  const [registry = '', rest = ''] = splitAt(url, '/@');
  const [name = '', file = ''] = splitAt(rest, '/-/');
  const slug = name.slice(name.indexOf('/') + 1);
  if (!file.startsWith(`${slug}-`) || !file.endsWith('.tgz')) return { name: url, version: '', registry: '' };
  return { name: `@${name}`, version: file.slice(slug.length + 1, -'.tgz'.length), registry };
}

function splitAt(text: string, mark: string): [string, string] {
  const index = text.indexOf(mark);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + mark.length)];
}
