// Owns reading a .progy file on disk.
import { type FileHandle, open } from 'node:fs/promises';
import type { ArtifactSource } from '@progy/protocol/bytes/artifact-source.ts';
import { ALL_HASHES, Digester, type Digests } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { CliError } from '../cli-error.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file while some work runs.
 * @throws {CliError} FILE_NOT_FOUND.
 */
export async function withArtifactFile<T>(path: string, work: (source: ArtifactSource) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await work(fileSource(file, (await file.stat()).size));
  } finally {
    await file.close();
  }
}

/** All digests of an artifact, in one pass. */
export async function digestArtifact(source: ArtifactSource): Promise<Digests> {
  const digester = new Digester(nodePlatform, ALL_HASHES);
  for await (const chunk of source.stream(0, source.size)) digester.update(chunk);
  return digester.digest();
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new CliError('FILE_NOT_FOUND', `No such file: ${path}`) : error;
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new CliError('FILE_NOT_FOUND', `${path} is not a file`, 'To publish a folder, run inside it: progy publish');
}

function fileSource(file: FileHandle, size: number): ArtifactSource {
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    },
    stream: (offset, length) => streamRange(file, offset, length),
  };
}

/** Not `createReadStream`: when ended early, it would close the file while others read it. */
async function* streamRange(file: FileHandle, offset: number, length: number): AsyncIterable<Uint8Array> {
  const end = offset + length;
  for (let position = offset; position < end; ) {
    const { buffer, bytesRead } = await file.read({
      buffer: new Uint8Array(Math.min(CHUNK_BYTES, end - position)),
      position,
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
