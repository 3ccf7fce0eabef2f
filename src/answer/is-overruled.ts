import { OTHER_FIELD_KEYS } from './answer-fields';
import { coerceDecision } from './coerce-decision';
import { listStatedValues } from './stated-values';

const DEBRIS = new RegExp(`"(?:(?:${OTHER_FIELD_KEYS.join('|')})"\\s{0,9}:|\\s{0,9}\\})`, 'i');

/**
 * Whether the prose after an answer shows that another answer was meant, so that this one may be an example: it states
 * the opposite decision, as YAML or Markdown does, or holds keys or the end of an object that lost its
 * brackets.
 */
export function isOverruled(detected: boolean, prose: string, decisionKeys: readonly string[]): boolean {
  if (DEBRIS.test(prose)) return true;
  return listStatedValues(prose, decisionKeys)
    .map((value) => coerceDecision(/^\w+/.exec(value)?.[0]))
    .includes(!detected);
}
