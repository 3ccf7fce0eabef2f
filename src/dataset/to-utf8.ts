/**
 * Finds out how the characters of a text file are encoded and gives them as UTF-8. A byte order mark decides; without
 * one the file is UTF-8 if all of it can be, and else windows-1252, unless most of its other characters are UTF-8.
 */
import { isUtf8 } from 'node:buffer';
import { toWellFormed } from './source-table';

/** A text file as UTF-8 without a byte order mark. */
export interface Utf8Text {
  bytes: Buffer;
  /** true = broken characters were replaced by U+FFFD. */
  hasReplacements: boolean;
  /** How the encoding was settled where that was not plain; null = it was. */
  notice: string | null;
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_LITTLE_ENDIAN_MARK = Buffer.from([0xff, 0xfe]);
const UTF16_BIG_ENDIAN_MARK = Buffer.from([0xfe, 0xff]);

/** The characters 0x80 to 0x9f of windows-1252; the TextDecoder of several Node releases reads them as Latin-1. */
const WINDOWS_1252_UPPER = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const REPLACED = 'Broken characters in the file were replaced by U+FFFD; save it again as UTF-8.';

/** Never throws for bytes that fit no encoding. */
export function toUtf8(bytes: Buffer): Utf8Text {
  if (startsWith(bytes, UTF16_LITTLE_ENDIAN_MARK)) return fromUtf16(bytes.subarray(2));
  if (startsWith(bytes, UTF16_BIG_ENDIAN_MARK)) return fromUtf16(swapBytePairs(bytes.subarray(2)));
  const hasMark = startsWith(bytes, UTF8_MARK);
  const unmarked = hasMark ? bytes.subarray(UTF8_MARK.length) : bytes;
  if (isUtf8(unmarked)) return { bytes: unmarked, hasReplacements: false, notice: null };
  const asUtf8 = unmarked.toString('utf8');
  if (hasMark || isMostlyUtf8(asUtf8)) {
    return { bytes: Buffer.from(asUtf8, 'utf8'), hasReplacements: true, notice: REPLACED };
  }
  return {
    bytes: Buffer.from(fromWindows1252(unmarked), 'utf8'),
    hasReplacements: false,
    notice: 'The file is not UTF-8 and was read as windows-1252; check a few accented characters.',
  };
}

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

/** Buffer's decoder and not TextDecoder, which would hide that something was broken. */
function fromUtf16(bytes: Buffer): Utf8Text {
  const text = bytes.toString('utf16le');
  const wellFormed = toWellFormed(text);
  const hasReplacements = wellFormed !== text;
  return {
    bytes: Buffer.from(wellFormed, 'utf8'),
    hasReplacements,
    notice: hasReplacements ? REPLACED : null,
  };
}

function swapBytePairs(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

/** A few damaged places do not make a UTF-8 file anything else. */
function isMostlyUtf8(text: string): boolean {
  let broken = 0;
  let whole = 0;
  for (const [character] of text.matchAll(/[^\0-\x7f]/gu)) {
    if (character === '\ufffd') broken += 1;
    else whole += 1;
  }
  return whole > broken;
}

function fromWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[\x80-\x9f]/g, (character) => WINDOWS_1252_UPPER[character.charCodeAt(0) - 0x80]!);
}
