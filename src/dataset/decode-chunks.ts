/** Gives the text of a file as UTF-8 without a byte order mark, chunk by chunk. */
import { toWellFormed } from './source-table';
import { wholeCharacters } from './whole-characters';

/** How a file becomes text. */
export interface TextEncoding {
  kind: 'utf8' | 'utf16le' | 'utf16be' | 'windows-1252';
  /** Bytes of the byte order mark; 0 = none. */
  markBytes: number;
  /** true = broken characters are replaced by U+FFFD. */
  hasReplacements: boolean;
  /** How the encoding was settled where that was not plain; null = it was. */
  notice: string | null;
}

/** The characters 0x80 to 0x9f of windows-1252; the TextDecoder of several Node releases reads them as Latin-1. */
const WINDOWS_1252_UPPER = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The chunks of a file, whose encoding is known, as UTF-8; a chunk is good only until the next is asked for. */
export function* decodeChunks(chunks: Iterable<Buffer>, encoding: TextEncoding): Generator<Buffer> {
  if (encoding.kind === 'utf16le' || encoding.kind === 'utf16be') {
    for (const text of utf16Text(chunks, encoding)) yield Buffer.from(toWellFormed(text), 'utf8');
    return;
  }
  const unmarked = withoutMark(chunks, encoding.markBytes);
  if (encoding.kind === 'windows-1252') {
    for (const chunk of unmarked) yield Buffer.from(fromWindows1252(chunk), 'utf8');
  } else if (encoding.hasReplacements) {
    for (const chunk of wholeCharacters(unmarked)) yield Buffer.from(chunk.toString('utf8'), 'utf8');
  } else yield* unmarked;
}

/**
 * UTF-16 as strings that cut no pair of surrogates. Not by TextDecoder, which would hide lone ones, nor by StringDecoder,
 * which breaks pairs that begin at an odd byte of a chunk.
 */
export function* utf16Text(
  chunks: Iterable<Buffer>,
  { kind, markBytes }: Pick<TextEncoding, 'kind' | 'markBytes'>,
): Generator<string> {
  const textOf = (bytes: Buffer): string =>
    (kind === 'utf16be' ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
  let rest = Buffer.alloc(0);
  for (const chunk of withoutMark(chunks, markBytes)) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = endOfPairs(bytes, kind === 'utf16be');
    rest = bytes.subarray(end);
    yield textOf(bytes.subarray(0, end));
  }
  // An odd last byte is no character.
  yield textOf(rest.subarray(0, rest.length - (rest.length % 2)));
}

/** Before a last surrogate of which the other half may follow. */
function endOfPairs(bytes: Buffer, isBigEndian: boolean): number {
  const end = bytes.length - (bytes.length % 2);
  const highByte = bytes[isBigEndian ? end - 2 : end - 1] ?? 0;
  return highByte >= 0xd8 && highByte <= 0xdb ? end - 2 : end;
}

function* withoutMark(chunks: Iterable<Buffer>, markBytes: number): Generator<Buffer> {
  let left = markBytes;
  for (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

function fromWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[\x80-\x9f]/g, (character) => WINDOWS_1252_UPPER[character.charCodeAt(0) - 0x80]!);
}
