// The types of a command's options are derived; this test checks that its arguments have the names in its help.
import { readdir } from 'node:fs/promises';
import { Command } from '@commander-js/extra-typings';
import t from 'tap';
import type { Usage } from '../command.ts';

interface Declares {
  readonly usage: Usage;
  readonly names: readonly string[];
}

const folder = new URL('../usage/', import.meta.url);
const files = await readdir(folder);

/** A file declares one command, or several by name. */
async function commandsIn(file: string): Promise<Declares[]> {
  const module: Partial<Declares> & Record<string, unknown> = await import(new URL(file, folder).href);
  return 'usage' in module ? [module as Declares] : (Object.values(module) as Declares[]);
}

for (const file of files) {
  t.test(`arguments reach the command in ${file} under the names that its help shows`, async (t) => {
    const commands = await commandsIn(file);
    t.not(commands.length, 0);
    for (const { usage, names } of commands)
      t.same(
        usage(new Command()).registeredArguments.map((argument) => argument.name()),
        names,
      );
  });
}
