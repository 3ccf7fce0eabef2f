/** A zip archive in pieces, of which none has to wait for the end of another: for workbooks of any length. Pure. */
import { constants, crc32, deflateRawSync } from 'node:zlib';

/** A file of the archive; its pieces are asked for one after the other. */
export interface ZipPart {
  name: string;
  pieces: Iterable<string>;
}

/** What the directory at the end says about a part. */
interface WrittenPart {
  name: Buffer;
  checksum: number;
  compressedBytes: number;
  bytes: number;
  offset: number;
}

/** The format without its extension for larger ones ends here. */
export const MOST_ZIP_BYTES = 2 ** 32 - 1;
const PIECE_CHARACTERS = 1 << 18;
const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
/** Sizes and checksum follow the data; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 1980, the zero of the format: equal contents give equal bytes. */
const DATE = 0x21;

/** The archive. Throws RangeError when a part or the whole has more than MOST_ZIP_BYTES. */
export function* zipChunks(parts: Iterable<ZipPart>): Generator<Buffer, void> {
  const written: WrittenPart[] = [];
  let offset = 0;
  for (const { name, pieces } of parts) {
    const part: WrittenPart = { name: Buffer.from(name), checksum: 0, compressedBytes: 0, bytes: 0, offset };
    const header = Buffer.concat([localHeader(part.name), part.name]);
    yield header;
    yield* deflated(pieces, part);
    yield fields([4, DESCRIPTOR], [4, part.checksum], [4, part.compressedBytes], [4, part.bytes]);
    offset += header.length + part.compressedBytes + 16;
    if (offset > MOST_ZIP_BYTES || part.bytes > MOST_ZIP_BYTES) throw new RangeError('too large for a zip');
    written.push(part);
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  const [n, size] = [written.length, directory.length];
  yield fields([4, END_OF_DIRECTORY], [2, 0], [2, 0], [2, n], [2, n], [4, size], [4, offset], [2, 0]);
}

/** Each piece is compressed by itself and ends at a whole byte, so that they follow one another as one stream. */
function* deflated(pieces: Iterable<string>, part: WrittenPart): Generator<Buffer, void> {
  const compress = (text: string, finishFlush: number): Buffer => {
    const plain = Buffer.from(text, 'utf8');
    const packed = deflateRawSync(plain, { finishFlush });
    part.checksum = crc32(plain, part.checksum);
    part.bytes += plain.length;
    part.compressedBytes += packed.length;
    return packed;
  };
  let waiting: string[] = [];
  let characters = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    characters += piece.length;
    if (characters < PIECE_CHARACTERS) continue;
    yield compress(waiting.join(''), constants.Z_SYNC_FLUSH);
    [waiting, characters] = [[], 0];
  }
  yield compress(waiting.join(''), constants.Z_FINISH);
}

function localHeader(name: Buffer): Buffer {
  return fields(
    ...([
      [4, LOCAL_HEADER],
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATED],
      [2, 0],
      [2, DATE],
    ] as const),
    ...([
      [4, 0],
      [4, 0],
      [4, 0],
      [2, name.length],
      [2, 0],
    ] as const),
  );
}

function directoryEntry({ name, checksum, compressedBytes, bytes, offset }: WrittenPart): Buffer {
  const entry = fields(
    ...([
      [4, DIRECTORY_ENTRY],
      [2, VERSION],
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATED],
      [2, 0],
      [2, DATE],
    ] as const),
    ...([
      [4, checksum],
      [4, compressedBytes],
      [4, bytes],
      [2, name.length],
    ] as const),
    ...([
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    ] as const),
  );
  return Buffer.concat([entry, name]);
}

/** Whole numbers of 2 or 4 bytes, the lowest byte first. */
function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of values) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}
