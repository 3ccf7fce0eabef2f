import { cleanText } from './clean-text';
import { listTexts } from './list-texts';

/** Reads the rationale: a string as written, a list joined with blanks, an object as JSON text; null = not given. */
export function coerceRationale(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const texts = [...listTexts(value, false)];
  return texts.length === 0 ? null : cleanText(texts.join(' '));
}
