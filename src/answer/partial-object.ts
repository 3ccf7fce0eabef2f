import { findEnd } from './find-end';
import type { FoundObject } from './find-objects';
import { isJsonObject, parseJson } from './parse-json';

/**
 * An object that was cut, without the member that was cut: the members before it are followed by a comma, so that
 * nothing in them is missing. null = there is no such member, or what stands before the cut is not JSON.
 */
export function withoutCutMember(found: FoundObject): FoundObject | null {
  const end = endOfWholeMembers(found.text);
  if (end === null) return null;
  const json = parseJson(`${found.text.slice(0, end)}}`);
  if (json === null || !isJsonObject(json.value)) return null;
  return { ...found, ...json, isClosed: true };
}

/** The index of the last comma between members of the object that the text begins with; null = there is none. */
function endOfWholeMembers(text: string): number | null {
  if (!text.startsWith('{')) return null;
  let comma: number | null = null;
  let at: number | null = 1;
  while (at !== null && at < text.length) {
    const character = text[at]!;
    if (character === '"') at = endOfString(text, at);
    else if (character === '{' || character === '[') at = findEnd(text, at);
    else {
      if (character === ',') comma = at;
      at += 1;
    }
  }
  return comma;
}

function endOfString(text: string, start: number): number | null {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index + 1;
  }
  return null;
}
