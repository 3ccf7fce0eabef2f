/**
 * Finds the JSON objects, and the lists that begin with an object, in a text that is not JSON as a whole. One pass,
 * linear time, no recursion. The body of a code fence comes first if it is JSON as it stands; else brackets are matched
 * outside strings. An object that cannot be read, or is never closed, hides all that stands inside it: an inner object
 * is never taken for the answer.
 */
import { findEnd } from './find-end';
import { isJsonObject, parseJson } from './parse-json';

/** A piece of text that is, or tries to be, a JSON object or list. */
export interface FoundObject {
  text: string;
  /** Whether its closing bracket stands in the text. */
  isClosed: boolean;
  /** What strict JSON.parse gives; undefined = cannot be read. */
  value: unknown;
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

type Piece = Omit<FoundObject, 'after'> & { start: number; end: number };

/**
 * All objects in the order of the text. After one that is never closed nothing more is looked for; after 1,000 fences
 * and objects the rest counts as one that cannot be read.
 */
export function findObjects(text: string): FoundObject[] {
  const pieces: Piece[] = [];
  const start = new RegExp(START);
  let match = start.exec(text);
  for (let tried = 0; match !== null; tried += 1, match = start.exec(text)) {
    if (tried === MOST_STARTS) {
      pieces.push(unread(text, match.index, true));
      break;
    }
    const isFence = match.groups?.fence !== undefined;
    const piece = isFence ? readFence(text, start.lastIndex) : readBare(text, match.index);
    if (piece === null) continue;
    pieces.push(piece);
    start.lastIndex = piece.end;
  }
  return pieces.map((piece, index) => ({
    text: piece.text,
    isClosed: piece.isClosed,
    value: piece.value,
    after: text.slice(piece.end, pieces[index + 1]?.start ?? text.length),
  }));
}

function readBare(text: string, start: number): Piece {
  const end = findEnd(text, start);
  if (end === null) return unread(text, start, false);
  const slice = text.slice(start, end);
  return { text: slice, isClosed: true, value: parseJson(slice)?.value, start, end };
}

function unread(text: string, start: number, isClosed: boolean): Piece {
  return { text: text.slice(start), isClosed, value: undefined, start, end: text.length };
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
  return { ...json, isClosed: true, start, end };
}
