/** Enough of a value to tell a decision, or a choice between two. */
const LOOKED_AT_CHARACTERS = 60;
const COLON = /["'”*`]{0,3}\s{0,9}[:=]["'“*`\s]{0,9}/y;
const SEEMS_STATED = /[\s"'‘’“”*`\\]{0,12}(?:[:=]|(?:true|false|yes|no|[01])\b)/y;
const WORD_CHARACTER = /[\p{L}\p{N}_-]/u;

/**
 * What stands after each `detected:` of a text, however quoted: the beginnings of the values in lower case, without
 * quotes.
 */
export function listStatedValues(text: string, keys: readonly string[]): string[] {
  const lowerCase = text.toLowerCase();
  return keys.flatMap((key) =>
    endsOf(lowerCase, key, COLON).map((end) => lowerCase.slice(end, end + LOOKED_AT_CHARACTERS)),
  );
}

/** How many times a text seems to state a decision, with or without a colon; never too few. */
export function countStatements(text: string, keys: readonly string[]): number {
  const lowerCase = text.toLowerCase();
  return keys.flatMap((key) => endsOf(lowerCase, key, SEEMS_STATED)).length;
}

/** Where each key that is a word of its own and is followed by the pattern, ends with that pattern. */
function endsOf(text: string, key: string, following: RegExp): number[] {
  const ends: number[] = [];
  const pattern = new RegExp(following);
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    if (WORD_CHARACTER.test(text[at - 1] ?? ' ')) continue;
    pattern.lastIndex = at + key.length;
    if (pattern.test(text)) ends.push(pattern.lastIndex);
  }
  return ends;
}
