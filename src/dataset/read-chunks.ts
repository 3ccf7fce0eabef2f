/** A file in pieces, so that its size does not matter. */
import { closeSync, openSync, readSync } from 'node:fs';
import { unreadableFile } from './unreadable-file';

const CHUNK_BYTES = 1 << 20;

/** The bytes of a file in full chunks, each good until the next is asked for. Throws DatasetError when it is unreadable. */
export function* chunksOf(file: string, chunkBytes = CHUNK_BYTES): Generator<Buffer> {
  const descriptor = orUnreadable(file, () => openSync(file, 'r'));
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (;;) {
      const length = orUnreadable(file, () => fill(descriptor, chunk));
      if (length > 0) yield chunk.subarray(0, length);
      if (length < chunk.length) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The first bytes of a file, at most so many. Throws DatasetError when it is unreadable. */
export function startOf(file: string, nBytes: number): Buffer {
  for (const chunk of chunksOf(file, nBytes)) return chunk;
  return Buffer.alloc(0);
}

/** Gives how many bytes there were. */
function fill(descriptor: number, chunk: Buffer): number {
  let length = 0;
  while (length < chunk.length) {
    const more = readSync(descriptor, chunk, { offset: length });
    if (more === 0) break;
    length += more;
  }
  return length;
}

function orUnreadable<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadableFile(file, error);
  }
}
