/**
 * Finds out how the characters of a text file are encoded. A byte order mark decides; without one the file is UTF-8 if
 * all of it can be, and else windows-1252, unless most of its other characters are UTF-8.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { utf16Text, type TextEncoding } from './decode-chunks';
import { toWellFormed } from './source-table';
import { wholeCharacters } from './whole-characters';

const REPLACED = 'Broken characters in the file were replaced by U+FFFD; save it again as UTF-8.';
const WINDOWS_1252 = 'The file is not UTF-8 and was read as windows-1252; check a few accented characters.';

const REPLACEMENT = 0xfffd;
const LAST_ASCII = 0x7f;

const MARKS: readonly { kind: 'utf8' | 'utf16le' | 'utf16be'; mark: Buffer }[] = [
  { kind: 'utf8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { kind: 'utf16le', mark: Buffer.from([0xff, 0xfe]) },
  { kind: 'utf16be', mark: Buffer.from([0xfe, 0xff]) },
];

/**
 * Goes through all chunks, of which the first holds the mark, and through the same `again` where they are not UTF-8.
 * Never throws for bytes that fit no encoding.
 */
export function detectEncoding(unseen: Generator<Buffer>, again: () => Iterable<Buffer>): TextEncoding {
  const { start, chunks } = seeStart(unseen);
  const marked = MARKS.find(({ mark }) => start.subarray(0, mark.length).equals(mark));
  const { kind = 'utf8', mark = Buffer.alloc(0) } = marked ?? {};
  const encoding = { kind, markBytes: mark.length, hasReplacements: false, notice: null };
  const broken = { ...encoding, hasReplacements: true, notice: REPLACED };
  if (kind !== 'utf8') return hasLoneSurrogates(chunks, encoding) ? broken : encoding;
  if (areUtf8(chunks)) return encoding;
  if (marked !== undefined || areMostlyUtf8(again())) return broken;
  return { ...encoding, kind: 'windows-1252', notice: WINDOWS_1252 };
}

function seeStart(unseen: Generator<Buffer>): { start: Buffer; chunks: Generator<Buffer> } {
  const first = unseen.next();
  const start = first.done === true ? Buffer.alloc(0) : first.value;
  const chunks = function* (): Generator<Buffer> {
    yield start;
    yield* unseen;
  };
  return { start, chunks: chunks() };
}

function hasLoneSurrogates(chunks: Iterable<Buffer>, encoding: TextEncoding): boolean {
  let isFound = false;
  for (const text of utf16Text(chunks, encoding)) isFound ||= toWellFormed(text) !== text;
  return isFound;
}

/** Never ends before the chunks do. */
function areUtf8(chunks: Iterable<Buffer>): boolean {
  let areValid = true;
  for (const bytes of wholeCharacters(chunks)) areValid &&= isUtf8(bytes);
  return areValid;
}

/** A few damaged places do not make a UTF-8 file anything else. */
function areMostlyUtf8(chunks: Iterable<Buffer>): boolean {
  let nWhole = 0;
  let nBroken = 0;
  for (const bytes of wholeCharacters(chunks)) {
    if (isAscii(bytes)) continue;
    const text = bytes.toString('utf8');
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === REPLACEMENT) nBroken += 1;
      else if (code > LAST_ASCII && !isLowSurrogate(code)) nWhole += 1;
    }
  }
  return nWhole > nBroken;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
