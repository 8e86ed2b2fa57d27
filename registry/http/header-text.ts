// Owns text in HTTP headers, which hold ASCII only.

/** Drops accents, and turns other non-ASCII characters into question marks. */
export function headerText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?');
}
