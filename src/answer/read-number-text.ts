/** A number read from text; `isRepaired` = it was not written as a number is written. */
export interface NumberText {
  number: number;
  isRepaired: boolean;
}

/** Longer texts are no numbers; the patterns need not be fast for them. */
const LONGEST_NUMBER_TEXT = 60;
const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const WORD = `(?:${DIGIT_WORDS.join('|')})`;
// Not `0.`, of which the digits are lost: it would read as a confidence of 0.
const PLAIN = /^(?!0+\.$)[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPOKEN = new RegExp(
  `^([+-]?\\d+|${WORD})?\\s*(?:[.,]|\\bpoint\\b)\\s*(\\d+|${WORD}(?:[\\s-]+${WORD})*)$`,
  'i',
);
const SPOKEN_WHOLE = /^(?:zero|one)$/i;

/**
 * Reads a number as models write it: plainly, with blanks around the point, with a decimal comma, or digit by digit in
 * words ("zero point eight five", "0. nine"). null = anything else; two numbers, ranges and fractions are not guessed.
 */
export function readNumberText(text: string): NumberText | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_NUMBER_TEXT) return null;
  if (PLAIN.test(trimmed)) return { number: Number(trimmed), isRepaired: false };
  if (SPOKEN_WHOLE.test(trimmed)) return { number: Number(toDigits(trimmed)), isRepaired: true };
  const match = SPOKEN.exec(trimmed);
  if (match === null) return null;
  const [, whole = '0', fraction = ''] = match;
  return { number: Number(`${toDigits(whole)}.${toDigits(fraction)}`), isRepaired: true };
}

function toDigits(words: string): string {
  return words
    .split(/\s+|-(?=[a-z])/i)
    .map((word) =>
      DIGIT_WORDS.includes(word.toLowerCase()) ? DIGIT_WORDS.indexOf(word.toLowerCase()) : word,
    )
    .join('');
}
