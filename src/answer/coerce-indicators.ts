import type { AnswerNote } from './answer';
import { cleanText } from './clean-text';
import { listTexts } from './list-texts';

/** Most indicators that are stored of one answer. */
const MAX_INDICATORS = 200;
const NOTHING: readonly string[] = ['', 'none', 'n/a'];

/** Reads the indicators as at most 200 strings. One string is split at commas and semicolons; null gives none. */
export function coerceIndicators(value: unknown): { indicators: string[]; notes: AnswerNote[] } {
  const notes: AnswerNote[] = [];
  const texts = typeof value === 'string' ? split(value) : listTexts(value, true);
  if (Array.isArray(texts) && texts.length > 1) notes.push('indicators_split');
  const indicators: string[] = [];
  for (const text of texts) {
    if (indicators.length === MAX_INDICATORS) {
      notes.push('indicators_cut');
      break;
    }
    indicators.push(cleanText(text));
  }
  return { indicators, notes };
}

function split(text: string): string[] {
  if (NOTHING.includes(text.trim().toLowerCase())) return [];
  return text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
