// Owns the addresses of pages with a code in them.

/** `/login?code=ABCD-EFGH`. */
export function pathWithCode(path: string, code: string): string {
  return code === '' ? path : `${path}?code=${encodeURIComponent(code)}`;
}
