import { normalizeKey } from './answer-fields';

/** Deep enough for an answer in its envelope: list, envelope, answer. */
const DEEPEST_LEVEL = 3;

/**
 * Whether an object near the top of a valid JSON text names a key twice, compared as the parser compares keys.
 * JSON.parse keeps the last one silently.
 */
export function hasDuplicateKey(json: string): boolean {
  const levels: Set<string>[] = [];
  let depth = 0;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '{' || character === '[') {
      depth += 1;
      if (depth <= DEEPEST_LEVEL) levels[depth] = new Set();
    } else if (character === '}' || character === ']') {
      depth -= 1;
    } else if (character === '"') {
      const end = stringEnd(json, index);
      const keys = depth <= DEEPEST_LEVEL && isKey(json, end) ? levels[depth] : undefined;
      if (keys !== undefined) {
        const key = normalizeKey(JSON.parse(json.slice(index, end)) as string);
        if (keys.has(key)) return true;
        keys.add(key);
      }
      index = end - 1;
    }
  }
  return false;
}

/** The index after the closing quote of the string that begins at `start`. */
function stringEnd(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index + 1;
}

function isKey(json: string, end: number): boolean {
  let index = end;
  while (' \t\r\n'.includes(json[index] ?? ':')) index += 1;
  return json[index] === ':';
}
