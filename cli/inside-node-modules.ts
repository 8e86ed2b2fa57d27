// Owns refusing to work inside node_modules, where the next installation deletes everything.
import { CliError } from './cli-error.ts';

const NODE_MODULES = 'node_modules';

/**
 * Checks that a folder is outside every node_modules.
 * @param folder absolute.
 * @throws {CliError} INSIDE_NODE_MODULES, with the way out.
 */
export function checkOutsideNodeModules(folder: string): void {
  const parts = folder.split(/(?<=[/\\])/);
  const inside = parts.findIndex((part) => part.replace(/[/\\]$/, '') === NODE_MODULES);
  if (inside === -1) return;
  const above = parts.slice(0, inside).join('');
  throw new CliError(
    'INSIDE_NODE_MODULES',
    `${folder} is inside node_modules: whatever you do in there is lost at the next installation`,
    `Go to ${above}, then start your own copy: npm start, or: progy init @scope/slug`,
  );
}
