// Owns text in HTTP headers, which hold ASCII only.

/** Accents go, and what is left becomes a question mark. */
export function headerText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?');
}
