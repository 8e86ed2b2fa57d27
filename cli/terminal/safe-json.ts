// Owns JSON that a terminal can show: nothing but printable ASCII.

/** One line of JSON. Characters that could act on a terminal are escaped, as JSON allows. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
