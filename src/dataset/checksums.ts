/** Checksums of data files: SHA-256 decides what a file is, MD5 is what older tools expect to find stored. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { unreadableFile } from './unreadable-file';

const CHUNK_BYTES = 1 << 20;

/** In hex digits. */
export interface FileChecksums {
  sha256: string;
  md5: string;
}

/** Reads the file once, in pieces, so that its size does not matter. Throws DatasetError when it cannot be read. */
export function checksumsOf(file: string): FileChecksums {
  try {
    const descriptor = openSync(file, 'r');
    try {
      return checksumsOfChunks(chunksOf(descriptor));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadableFile(file, error);
  }
}

/** Checksums of what the chunks make up together. */
export function checksumsOfChunks(chunks: Iterable<Uint8Array>): FileChecksums {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for (const chunk of chunks) {
    sha256.update(chunk);
    md5.update(chunk);
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}

function* chunksOf(descriptor: number): Iterable<Uint8Array> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const length = readSync(descriptor, chunk);
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}
