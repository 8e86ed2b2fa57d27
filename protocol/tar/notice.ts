// Owns what an installed course says to somebody who opens it in an editor: not to work there.
import type { PackageName } from '../course/package-name.ts';

/** Largest notice in bytes: names have at most 214 characters. */
export const MAX_NOTICE_BYTES = 4 * 1024;

/** Text of the file at the root of the package. It is no part of the course: whoever starts the course does not get it. */
export function printNotice({ full }: PackageName): Uint8Array {
  return new TextEncoder().encode(
    [
      '# This is not your copy',
      '',
      `A package manager put ${full} here, and its next installation deletes whatever you change in this folder.`,
      '',
      'To get a copy of your own, go to the folder that holds `node_modules`, and run:',
      '',
      '```sh',
      'npm start',
      '```',
      '',
      `If that is not set up there, run \`progy init ${full}\` in any folder that is yours.`,
      '',
    ].join('\n'),
  );
}
