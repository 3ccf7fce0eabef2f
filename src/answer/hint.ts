import { coerceConfidence } from './coerce-confidence';
import { isChoice } from './is-template';
import { listStatedValues } from './stated-values';

/** What a reply that is no answer seems to say: for the person who looks at the error, never for a count. */
export interface AnswerHint {
  /** null = it says neither, or both. */
  detected: boolean | null;
  /** 0 to 1; null = no closed number, or several. */
  confidence: number | null;
}

/** Where there is no reply, or none that says anything. */
export const NO_HINT: AnswerHint = { detected: null, confidence: null };

/** In longer texts only their end is looked at, where answers stand. */
const LOOKED_AT_CHARACTERS = 64 * 1024;
const CLOSED_NUMBER = /^(\d*\.?\d+%?)(?:[\s"'*,;}\]]|\.\s)/;

/** Looks for `detected` and `confidence` anywhere in the text of a reply, quoted or not. */
export function readHint(text: string, decisionKeys: readonly string[]): AnswerHint {
  const end = text.slice(-LOOKED_AT_CHARACTERS);
  const decisions = listStatedValues(end, decisionKeys)
    .filter((value) => !isChoice(value))
    .map((value) => /^(?:true|false)\b/.exec(value)?.[0])
    .filter((word) => word !== undefined);
  const numbers = listStatedValues(end, ['confidence'])
    .map((value) => CLOSED_NUMBER.exec(value)?.[1])
    .filter((number) => number !== undefined);
  const decision = onlyOne(decisions);
  const number = onlyOne(numbers);
  return {
    detected: decision === null ? null : decision === 'true',
    confidence: number === null ? null : coerceConfidence(number).confidence,
  };
}

function onlyOne(words: readonly string[]): string | null {
  const different = new Set(words);
  return different.size === 1 ? (words[0] ?? null) : null;
}
