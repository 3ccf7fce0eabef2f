/** How much a narrative can tell, by its length. Pure. */
import { placeholderKind } from './placeholder';

/** Fewer than 100 characters, 100 to 499, 500 and more. */
export const TEXT_QUALITIES = ['placeholder', 'brief', 'standard', 'detailed'] as const;
export type TextQuality = (typeof TEXT_QUALITIES)[number];

const STANDARD_FROM = 100;
const DETAILED_FROM = 500;

/** How much of a text has to be known to tell its quality: a character takes at most two code units. */
export const TEXT_NEEDED = 2 * DETAILED_FROM;

/** The quality of a text, of which the first 1,000 code units are enough. */
export function textQuality(text: string): TextQuality {
  if (placeholderKind(text) !== null) return 'placeholder';
  const characters = text.length >= TEXT_NEEDED ? DETAILED_FROM : [...text.trim()].length;
  return characters >= DETAILED_FROM ? 'detailed' : characters >= STANDARD_FROM ? 'standard' : 'brief';
}
