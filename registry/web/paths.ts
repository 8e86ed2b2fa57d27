// Owns the addresses of pages with a code in them.

/** `/login?code=ABCD-EFGH`. */
export function pathWithCode(page: string, code: string): string {
  return code === '' ? page : `${page}?code=${encodeURIComponent(code)}`;
}
