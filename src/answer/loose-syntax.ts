/** What a scan of almost-JSON looks for at one place of a text. Every look ahead is bounded, so that scans are linear. */

// Blanks and comments, as people and programs put them between the parts of an object.
const BLANK = /(?:\s+|\/\/[^\n]{0,300}(?:\n|$)|\/\*[^]{0,300}?\*\/)*/y;
const QUOTED_KEY = /(?:"(?:[^"\\\n]|\\.){0,200}"|['‘’“”„][^"'‘’“”„\\\n{}[\]]{0,80}["'’‘“”])\s{0,20}:/y;
const BARE_KEY = /[\p{L}_$][\p{L}\p{N}_$-]{0,80}(?=\s{0,20}:)/uy;
const LIST_ITEM = /["'“„‘{[\]\d-]|(?:true|false|null|True|False|None)\b/y;
const BARE_VALUE = /(?:(?!\/[/*])[^,{}[\]"“”„\n])+/y;
const DECIMAL_COMMA = /[+-]?\d{0,9},\d{1,17}/y;

/** The closing quotes of each opening quote. */
const CLOSING_QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”“"',
  '”': '”"',
  '„': '“”"',
  '‘': '’',
  '’': '’',
};

/** Where a string stands, which decides what may follow it. */
export type StringPlace = 'key' | 'member' | 'item';

/** The index after blanks and comments. */
export function skipBlank(text: string, at: number): number {
  return at + (matchAt(BLANK, text, at)?.length ?? 0);
}

/** The quotes that close a string which begins here; undefined = no string begins here. */
export function closingQuotes(text: string, at: number): string | undefined {
  const character = text[at] ?? '';
  return Object.hasOwn(CLOSING_QUOTES, character) ? CLOSING_QUOTES[character] : undefined;
}

/** Whether a quoted key with its colon stands here. */
export function startsQuotedKey(text: string, at: number): boolean {
  return matchAt(QUOTED_KEY, text, at) !== null;
}

/** A key without quotes; null = none stands here. */
export function bareKeyAt(text: string, at: number): string | null {
  return matchAt(BARE_KEY, text, at);
}

/** A value without quotes, up to the next delimiter and without blanks at its end; null = none stands here. */
export function bareValueAt(text: string, at: number): string | null {
  return matchAt(BARE_VALUE, text, at)?.trimEnd() || null;
}

/** A number with a decimal comma that is followed by a key or the end of its object; null = none stands here. */
export function decimalCommaAt(text: string, at: number): string | null {
  const number = matchAt(DECIMAL_COMMA, text, at);
  return number !== null && endsMember(text, at + number.length, true) ? number : null;
}

/** Whether a string may end before `at`: what follows is what follows a string in its place. */
export function mayEndString(
  text: string,
  at: number,
  { place, hasBareKeys }: { place: StringPlace; hasBareKeys: boolean },
): boolean {
  if (place === 'key') return text[skipBlank(text, at)] === ':';
  return place === 'member' ? endsMember(text, at, hasBareKeys) : endsItem(text, at);
}

function endsMember(text: string, at: number, hasBareKeys: boolean): boolean {
  const next = skipBlank(text, at);
  if (text[next] === '}') return true;
  if (text[next] !== ',') return next > at && startsQuotedKey(text, next);
  const key = skipBlank(text, next + 1);
  return text[key] === '}' || startsQuotedKey(text, key) || (hasBareKeys && bareKeyAt(text, key) !== null);
}

function endsItem(text: string, at: number): boolean {
  const next = skipBlank(text, at);
  if (text[next] !== ',') return text[next] === ']';
  return matchAt(LIST_ITEM, text, skipBlank(text, next + 1)) !== null;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
