import type { AnswerNote } from './answer';
import { normalizeKey } from './answer-fields';
import { cleanText } from './clean-text';
import { readNumberText } from './read-number-text';

/** A confidence as stored, and the notes about how it was read. */
export interface Confidence {
  /** 0 to 1; null = none, or not such a number. */
  confidence: number | null;
  /** Words that stood in place of a number, such as "high"; null = none. */
  confidenceText: string | null;
  notes: AnswerNote[];
}

const NO_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i;

/**
 * Reads the confidence: a number from 0 to 1, a percentage, or a whole number from 2 to 100 taken as one. Other numbers
 * give null with a note; words are kept as text and turned into a number only where `words` gives one for them.
 */
export function coerceConfidence(value: unknown, words: Readonly<Record<string, number>> = {}): Confidence {
  if (typeof value === 'number') return fromNumber(value, false);
  if (typeof value !== 'string') return none();
  const text = value.trim();
  if (NO_NUMBER.test(text)) return none(['confidence_out_of_range']);
  const isPercent = text.endsWith('%');
  const read = readNumberText(isPercent ? text.slice(0, -1) : text);
  if (read === null) return text === '' ? none() : fromWords(text, words);
  const result = fromNumber(read.number, isPercent);
  if (read.isRepaired && result.confidence !== null) result.notes.push('confidence_repaired');
  return result;
}

function fromNumber(number: number, isPercent: boolean): Confidence {
  const isWholePercentage = Number.isInteger(number) && number >= 2 && number <= 100;
  if (isWholePercentage || (isPercent && number >= 0 && number <= 100)) {
    return { confidence: number / 100, confidenceText: null, notes: ['confidence_percent'] };
  }
  if (!isPercent && number >= 0 && number <= 1) {
    return { confidence: number, confidenceText: null, notes: [] };
  }
  return none(['confidence_out_of_range']);
}

function fromWords(text: string, words: Readonly<Record<string, number>>): Confidence {
  const confidenceText = cleanText(text);
  const word = Object.keys(words).find((key) => normalizeKey(key) === normalizeKey(text));
  if (word === undefined) return { ...none(), confidenceText };
  return { confidence: words[word]!, confidenceText, notes: ['confidence_word'] };
}

function none(notes: AnswerNote[] = []): Confidence {
  return { confidence: null, confidenceText: null, notes };
}
