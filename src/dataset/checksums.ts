/** Checksums of data files: SHA-256 decides what a file is, MD5 is what older tools expect to find stored. */
import { createHash } from 'node:crypto';
import { chunksOf } from './read-chunks';

/** In hex digits. */
export interface FileChecksums {
  sha256: string;
  md5: string;
}

/** Reads the file once, in pieces, so that its size does not matter. Throws DatasetError when it cannot be read. */
export function checksumsOf(file: string): FileChecksums {
  return checksumsOfChunks(chunksOf(file));
}

/** Checksums of what the chunks make up together. */
export function checksumsOfChunks(chunks: Iterable<Buffer>): FileChecksums {
  const checksums = new RunningChecksums();
  for (const chunk of chunks) checksums.add(chunk);
  return checksums.finish();
}

/** Checksums of chunks on their way to someone else. */
export class RunningChecksums {
  private readonly sha256 = createHash('sha256');
  private readonly md5 = createHash('md5');

  add(chunk: Buffer): void {
    this.sha256.update(chunk);
    this.md5.update(chunk);
  }

  /** Hands the chunks on. */
  *through(chunks: Iterable<Buffer>): Generator<Buffer> {
    for (const chunk of chunks) {
      this.add(chunk);
      yield chunk;
    }
  }

  /** Once only. */
  finish(): FileChecksums {
    return { sha256: this.sha256.digest('hex'), md5: this.md5.digest('hex') };
  }
}

/** Hands the chunks on and calls `fail` at their end when they are not those of the checksum. */
export function* verifiedChunks(
  chunks: Iterable<Buffer>,
  sha256: string,
  fail: () => never,
): Generator<Buffer> {
  const hash = createHash('sha256');
  for (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) fail();
}
