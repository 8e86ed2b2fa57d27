// Owns single keys while something runs: on a terminal they come without Enter.

/** What leaves: q, and Ctrl-C, which comes as a character then. */
const QUIT = /[qQ\u0003]/;

/** The part of standard input that a terminal has. */
interface Keyboard extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** Calls `quit` for q or Ctrl-C, if there is a keyboard. Returns what gives the keyboard back. */
export function onQuitKey(stdin: Keyboard, quit: () => void): () => void {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return () => {};
  const heed = (keys: Buffer | string) => {
    if (QUIT.test(keys.toString())) quit();
  };
  stdin.setRawMode(true);
  stdin.on('data', heed);
  stdin.resume();
  return () => {
    stdin.removeListener('data', heed);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
}
