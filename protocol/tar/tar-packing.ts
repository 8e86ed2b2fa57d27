// Owns writing entries into a tar in the registry's own form: the same entries always give the same bytes.
import { type Pack, pack } from 'tar-stream';
import { pump } from '../bytes/pump.ts';
import type { FileMode } from '../course/course-files.ts';

/** npm's own time for every entry: zip cannot hold the epoch, and zip files are often made of tarballs. */
const MTIME = new Date('1985-10-26T08:15:00.000Z');

export const TAR_MODES: Record<FileMode, number> = { '100644': 0o644, '100755': 0o755 };

/** One entry. `content` has exactly `size` bytes. */
export interface TarFile {
  /** From the root of the tar. */
  readonly name: string;
  readonly mode: FileMode;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Writes a tar, only as fast as it is read. An entry is asked for once the content of the one before it has been read. */
export async function* packTar(entries: AsyncIterable<TarFile>): AsyncIterable<Uint8Array> {
  const tar = pack();
  const filling = fill(tar, entries).catch((error: Error) => tar.destroy(error));
  try {
    yield* tar as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
  } finally {
    tar.destroy();
    await filling;
  }
}

async function fill(tar: Pack, entries: AsyncIterable<TarFile>): Promise<void> {
  for await (const entry of entries) await add(tar, entry);
  tar.finalize();
}

async function add(tar: Pack, { name, size, mode, content }: TarFile): Promise<void> {
  const header = { name, size, mode: TAR_MODES[mode], mtime: MTIME, type: 'file' as const, uid: 0, gid: 0 };
  await new Promise<void>((resolve, reject) => {
    const sink = tar.entry(header, (error) => (error ? reject(error) : resolve()));
    // tar-stream tells the callback too; without a listener the event would end the process.
    sink.on('error', reject);
    pump(content, sink).catch(reject);
  });
}
