/** Enough of a value to tell a decision, or a choice between two. */
const LOOKED_AT_CHARACTERS = 60;
const COLON = /["'”*`]{0,3}\s{0,9}[:=]["'“*`\s]{0,9}/y;
const WORD_CHARACTER = /[\p{L}\p{N}_-]/u;

/**
 * What stands after each `detected:` of a text, however quoted: the beginnings of the values in lower case, without
 * quotes.
 */
export function listStatedValues(text: string, decisionKeys: readonly string[]): string[] {
  const lowerCase = text.toLowerCase();
  return decisionKeys.flatMap((key) => valuesOf(lowerCase, key));
}

function valuesOf(text: string, key: string): string[] {
  const values: string[] = [];
  const colon = new RegExp(COLON);
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    if (WORD_CHARACTER.test(text[at - 1] ?? ' ')) continue;
    colon.lastIndex = at + key.length;
    if (!colon.test(text)) continue;
    values.push(text.slice(colon.lastIndex, colon.lastIndex + LOOKED_AT_CHARACTERS));
  }
  return values;
}
