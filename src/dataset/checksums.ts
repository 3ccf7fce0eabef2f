/** Checksums that say whether a file or its texts are the ones of before. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatasetError } from '../errors';
import type { SourceNarrative } from './collect-narratives';

/** Hex digests of a file. SHA-256 decides; MD5 is what older tools expect. */
export interface FileChecksums {
  sha256: string;
  md5: string;
}

/** Digests of a source file. Throws DatasetError when it cannot be read or is empty. */
export function checksumsOf(file: string): FileChecksums {
  const bytes = readSourceFile(file);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    md5: createHash('md5').update(bytes).digest('hex'),
  };
}

/** The bytes of a source file. Throws DatasetError when it cannot be read or is empty. */
export function readSourceFile(file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as { code?: string };
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `it cannot be read (${code})`;
    throw new DatasetError(file, reason, 'Check data.file in the config.', { cause: error });
  }
  if (bytes.length === 0) throw new DatasetError(file, 'it is empty', 'Export it again.');
  return bytes;
}

/** SHA-256 over the ordered ids, types and texts; labels and further columns are not in it. */
export function textsSha256(narratives: Iterable<SourceNarrative>): string {
  const hash = createHash('sha256');
  for (const { incidentId, narrativeType, text } of narratives) {
    hash.update(JSON.stringify([incidentId, narrativeType, text]));
  }
  return hash.digest('hex');
}
