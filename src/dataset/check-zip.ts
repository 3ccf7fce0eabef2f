/**
 * Checks a zip archive before a parser sees it: its sizes are within bounds (a zip bomb is not), and every entry
 * inflates to the size and checksum that the archive's directory states, so that damage never passes for data.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { DatasetError } from '../errors';

const MEGABYTE = 1_000_000;
const MAX_UNCOMPRESSED_BYTES = 1000 * MEGABYTE;
const MAX_ENTRIES = 10_000;
/** Uncompressed bytes for each byte of the file; small files may exceed it. */
const MAX_RATIO = 200;
const RATIO_FREE_BYTES = 10 * MEGABYTE;

const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const ENTRY_LENGTH = 46;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;

interface ZipEntry {
  method: number;
  checksum: number;
  compressedBytes: number;
  uncompressedBytes: number;
  /** Where its local header begins. */
  offset: number;
}

/** Throws DatasetError when the archive is damaged, cut off or beyond the bounds. */
export function checkZip(file: string, bytes: Buffer): void {
  const entries = readOrReject(file, () => listEntries(bytes));
  const uncompressed = entries.reduce((sum, entry) => sum + entry.uncompressedBytes, 0);
  const isBomb = uncompressed > RATIO_FREE_BYTES && uncompressed > MAX_RATIO * bytes.length;
  if (entries.length > MAX_ENTRIES || uncompressed > MAX_UNCOMPRESSED_BYTES || isBomb) {
    throw new DatasetError(
      file,
      `the workbook unpacks to ${Math.ceil(uncompressed / MEGABYTE)} MB in ${entries.length} parts, more than is safe to open`,
      'Save only the sheet with the texts in a new workbook, or as .csv.',
    );
  }
  for (const entry of entries) {
    if (!readOrReject(file, () => isIntact(bytes, entry))) throw damaged(file);
  }
}

/** Offsets beyond the file and streams that do not inflate throw errors of Node's own. */
function readOrReject<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged(file: string, cause?: unknown): DatasetError {
  return new DatasetError(
    file,
    'the workbook is damaged or cut off',
    'Copy it again from its source, or open it in a spreadsheet program and save it anew.',
    { cause },
  );
}

function listEntries(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf(END_SIGNATURE);
  if (end < 0) throw new RangeError('No end of the directory');
  const count = bytes.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (entries.length < count) {
    if (bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new RangeError('No directory entry here');
    entries.push({
      method: bytes.readUInt16LE(at + 10),
      checksum: bytes.readUInt32LE(at + 16),
      compressedBytes: bytes.readUInt32LE(at + 20),
      uncompressedBytes: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at +=
      ENTRY_LENGTH + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function isIntact(bytes: Buffer, entry: ZipEntry): boolean {
  if (bytes.readUInt32LE(entry.offset) !== LOCAL_SIGNATURE) return false;
  const nameAndExtra = bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
  const start = entry.offset + LOCAL_LENGTH + nameAndExtra;
  const packed = bytes.subarray(start, start + entry.compressedBytes);
  const content = unpack(packed, entry);
  return content.length === entry.uncompressedBytes && crc32(content) === entry.checksum;
}

function unpack(packed: Buffer, { method, uncompressedBytes }: ZipEntry): Buffer {
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed, { maxOutputLength: Math.max(uncompressedBytes, 1) });
  throw new RangeError(`Unknown compression method ${method}`);
}
