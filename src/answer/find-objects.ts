/**
 * Finds the JSON objects, and the lists that begin with an object, in a text that is not JSON as a whole. One pass,
 * linear time, no recursion. The body of a code fence comes first if it is JSON as it stands; else brackets are matched
 * outside strings. An object that is never closed, or whose end is uncertain, hides all that follows: an inner object
 * is never taken for the answer.
 */
import { findEnd } from './find-end';
import { isJsonObject, parseJson } from './parse-json';
import type { LooseObject } from './scan-loosely';
import { scanLoosely } from './scan-loosely';

/** A piece of text that is, or tries to be, a JSON object or list. */
export interface FoundObject {
  text: string;
  /** Whether its closing bracket stands in the text. */
  isClosed: boolean;
  /** What strict JSON.parse gives; undefined = cannot be read. */
  value: unknown;
  /** The parts of an object that is almost JSON; null = it is JSON, or cannot be followed. */
  loose: LooseObject | null;
  /** The whole text from the beginning of the object. */
  remainder: string;
  /** The text between it and the next object, or the end. */
  after: string;
}

// A line with three backticks and at most a language name. Inside a JSON string no line can begin, so none is met there.
const FENCE = '(?<fence>^[ \\t]*`{3,}[ \\t]*(?:[\\w+-]+[ \\t]*)?\\r?(?:\\n|(?![^])))';
// Not `{smile}` or `{smile and so on`: words up to a bracket or the end of the line, without a quote or a colon.
// Not the outer one of `{{`, as templates write it.
const OBJECT = '\\{(?!\\s*\\{|\\s*[^\\s"\'“”‘’:{}\\\\/,][^"\'“”‘’:{}\\\\\\n]*[\\n{}])';
const LIST = '\\[(?=\\s*(?:\\{|(?![^])))';
const START = new RegExp(`${FENCE}|${OBJECT}|${LIST}`, 'gmu');
const FENCE_END = /^[ \t]*`{3}/gm;
/** A failed JSON.parse takes about 10 µs, and a call has 50 ms. */
const MOST_STARTS = 1000;
/** A scan that comes to nothing may have gone through the whole text. */
const MOST_FAILED_SCANS = 20;

/** `after` where the search goes on. */
interface Piece extends Omit<FoundObject, 'after' | 'remainder'> {
  start: number;
  end: number;
  searchFrom: number;
}

/** What may be done to understand an object that is not JSON. */
export interface FindOptions {
  /** Whether a piece of text means to be an answer. */
  isMeant: (text: string) => boolean;
  /** Whether what is not JSON may be scanned loosely. */
  isRepairable: boolean;
}

/**
 * All objects in the order of the text. After one that is never closed nothing more is looked for; after 1,000 fences
 * and objects the rest counts as one that cannot be read.
 */
export function findObjects(text: string, options: FindOptions): FoundObject[] {
  const pieces: Piece[] = [];
  const start = new RegExp(START);
  let failedScans = options.isRepairable ? 0 : MOST_FAILED_SCANS;
  let match = start.exec(text);
  for (let tried = 0; match !== null; tried += 1, match = start.exec(text)) {
    if (tried === MOST_STARTS) {
      pieces.push(unread(text, match.index, true));
      break;
    }
    const isFence = match.groups?.fence !== undefined;
    const isRepairable = failedScans < MOST_FAILED_SCANS;
    const piece = isFence
      ? readFence(text, start.lastIndex)
      : readBare(text, match.index, { ...options, isRepairable });
    if (piece === null) continue;
    if (piece.value === undefined && piece.loose === null) failedScans += 1;
    pieces.push(piece);
    start.lastIndex = piece.searchFrom;
  }
  return pieces.map(({ searchFrom: _, start: from, end, ...piece }, index) => ({
    ...piece,
    remainder: text.slice(from),
    after: text.slice(end, pieces[index + 1]?.start ?? text.length),
  }));
}

function readBare(text: string, start: number, { isMeant, isRepairable }: FindOptions): Piece {
  const end = findEnd(text, start);
  const slice = end === null ? null : text.slice(start, end);
  const json = slice === null ? null : parseJson(slice);
  if (end !== null && json !== null)
    return { ...json, isClosed: true, loose: null, start, end, searchFrom: end };
  const scan = isRepairable ? scanLoosely(text.slice(start)) : 'failed';
  if (typeof scan !== 'string') return loosePiece(text, start, scan, isMeant);
  if (end === null) return unread(text, start, false);
  if (slice !== null && isMeant(slice)) return unread(text, start, true);
  return {
    text: text.slice(start, end),
    isClosed: true,
    value: undefined,
    loose: null,
    start,
    end,
    searchFrom: end,
  };
}

function loosePiece(text: string, start: number, loose: LooseObject, isMeant: FindOptions['isMeant']): Piece {
  const end = start + loose.end;
  const slice = text.slice(start, end);
  const isUncertain = loose.unclear.length > 0 && isMeant(slice);
  return {
    text: slice,
    isClosed: true,
    value: undefined,
    loose,
    start,
    end,
    searchFrom: isUncertain ? text.length : end,
  };
}

function unread(text: string, start: number, isClosed: boolean): Piece {
  const end = text.length;
  return { text: text.slice(start), isClosed, value: undefined, loose: null, start, end, searchFrom: end };
}

/** null = the body is no JSON object or list as it stands, so it is searched like any other text. */
function readFence(text: string, start: number): Piece | null {
  const fenceEnd = new RegExp(FENCE_END);
  fenceEnd.lastIndex = start;
  const end = fenceEnd.exec(text)?.index ?? text.length;
  const body = text.slice(start, end).trim();
  if (!/^[{["]/.test(body)) return null;
  const outer = parseJson(body);
  const json = typeof outer?.value === 'string' ? parseJson(outer.value) : outer;
  if (json === null || !(isJsonObject(json.value) || Array.isArray(json.value))) return null;
  return { ...json, isClosed: true, loose: null, start, end, searchFrom: end };
}
