import { normalizeKey, OTHER_FIELD_KEYS } from './answer-fields';
import { coerceDecision } from './coerce-decision';
import { listStatedValues } from './stated-values';

const QUOTE = '["\'“”]';
const TORN_END = new RegExp(`${QUOTE}\\s{0,9}\\}`);

/** Whether the prose after an answer states the opposite decision, as YAML or Markdown does: this one may be an example. */
export function isOverruled(detected: boolean, prose: string, decisionKeys: readonly string[]): boolean {
  if (isBlank(prose)) return false;
  return listStatedValues(prose, decisionKeys)
    .map((value) => coerceDecision(/^\w+/.exec(value)?.[0]))
    .includes(!detected);
}

/** Whether prose holds a key or the end of an object that lost its brackets: what stands beside it may be a part of it. */
export function isTorn(prose: string, decisionKeys: readonly string[]): boolean {
  return countTornKeys(prose, decisionKeys) > 0 || TORN_END.test(prose);
}

/** How many fields of an answer stand in prose with quotes and a colon, as if their object had lost its brackets. */
export function countTornKeys(prose: string, decisionKeys: readonly string[]): number {
  if (isBlank(prose)) return 0;
  const keys = [...decisionKeys, ...OTHER_FIELD_KEYS].map((key) => key.replace(/[^\p{L}\p{N}_]/gu, '\\$&'));
  const pattern = new RegExp(`${QUOTE}(${keys.join('|')})${QUOTE}\\s{0,9}:`, 'gi');
  return new Set([...prose.matchAll(pattern)].map(([, key]) => normalizeKey(key!))).size;
}

/** As beside an answer that is nothing but JSON, which most are: it needs no close look. */
function isBlank(prose: string): boolean {
  return prose.trim() === '';
}
