/** Makes text that a model or a file gave harmless to a terminal. */

/** Line breaks and tabs stay; other control characters and those that turn text round become `?`. */
export function toPlainText(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Control}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?');
}

/** The same in one line, cut where it is longer than `length`. */
export function toPlainLine(text: string, length = 200): string {
  const line = toPlainText(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
