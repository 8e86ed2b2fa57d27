// Owns what kind of thing a zip entry is: a file that a course can hold, a folder, or something refused.
import type { FileMode } from '../course/course-files.ts';
import type { ZipEntry } from './central-directory.ts';

const TYPE_MASK = 0o170000;
const TYPE_FILE = 0o100000;
const TYPE_FOLDER = 0o040000;
const SPECIAL_BITS = 0o7000;
const EXECUTE_BITS = 0o111;
/** The folder bit of DOS attributes. */
const DOS_FOLDER = 0x10;

/**
 * The mode of a file, or 'folder'. The high word of the attributes counts as a Unix mode whatever host the entry
 * names: adm-zip on Windows names DOS there and writes Unix modes. Modes without a type are files or folders by name.
 */
export function kindOf(entry: ZipEntry, refuse: (problem: string) => Error): FileMode | 'folder' {
  const mode = entry.externalAttributes >>> 16;
  const type = mode & TYPE_MASK;
  if (type !== 0 && type !== TYPE_FILE && type !== TYPE_FOLDER) throw refuse('is a link, device or other special file');
  const named = entry.name.endsWith('/');
  const marked = type === TYPE_FOLDER || (type === 0 && (entry.externalAttributes & DOS_FOLDER) !== 0);
  if (named ? type === TYPE_FILE : marked) throw refuse('is a file and a folder at once');
  if (named && entry.size !== 0) throw refuse('is a folder with content');
  if (named) return 'folder';
  if ((mode & SPECIAL_BITS) !== 0) throw refuse('has the setuid, setgid or sticky bit');
  return (mode & EXECUTE_BITS) === 0 ? '100644' : '100755';
}
