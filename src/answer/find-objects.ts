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
}

// A line with three backticks and at most a language name. Inside a JSON string no line can begin, so none is met there.
const FENCE = '(?<fence>^[ \\t]*`{3,}[ \\t]*(?:[\\w+-]+[ \\t]*)?\\r?(?:\\n|(?![^])))';
// Not `{smile}` or `{smile and so on`: words up to a bracket or the end of the line, without a quote or a colon.
// Not the outer one of `{{`, as templates write it.
const OBJECT = '\\{(?!\\s*\\{|\\s*[^\\s"\'“”‘’:{}\\\\/,][^"\'“”‘’:{}\\\\\\n]*[\\n{}])';
const LIST = '\\[(?=\\s*(?:\\{|(?![^])))';
const START = new RegExp(`${FENCE}|${OBJECT}|${LIST}`, 'gmu');
const FENCE_END = /^[ \t]*`{3}/gm;

/** All objects in the order of the text; after one that is never closed nothing more is looked for. */
export function findObjects(text: string): FoundObject[] {
  const found: FoundObject[] = [];
  const start = new RegExp(START);
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    if (match.groups?.fence !== undefined) {
      const body = readFence(text, start.lastIndex);
      if (body === null) continue;
      found.push(body.object);
      start.lastIndex = body.end;
      continue;
    }
    const end = findEnd(text, match.index);
    if (end === null) {
      found.push({ text: text.slice(match.index), isClosed: false, value: undefined });
      break;
    }
    const slice = text.slice(match.index, end);
    found.push({ text: slice, isClosed: true, value: parseJson(slice)?.value });
    start.lastIndex = end;
  }
  return found;
}

/** null = the body is no JSON object or list as it stands, so it is searched like any other text. */
function readFence(text: string, bodyStart: number): { object: FoundObject; end: number } | null {
  const fenceEnd = new RegExp(FENCE_END);
  fenceEnd.lastIndex = bodyStart;
  const end = fenceEnd.exec(text)?.index ?? text.length;
  const body = text.slice(bodyStart, end).trim();
  const outer = parseJson(body);
  const json = typeof outer?.value === 'string' ? parseJson(outer.value) : outer;
  if (json === null || !(isJsonObject(json.value) || Array.isArray(json.value))) return null;
  return { object: { ...json, isClosed: true }, end };
}
