import { listStatedValues } from './stated-values';

const CHOICE = /^<?(?:true|false|yes|no)\b["']?\s*(?:\/|\||or\b)\s*["']?(?:true|false|yes|no)\b/i;

/** Whether an object offers the decision as a choice (`"detected": true/false`), as the template of a prompt does. */
export function isTemplate(text: string, decisionKeys: readonly string[]): boolean {
  return listStatedValues(text, decisionKeys).some(isChoice);
}

/** Whether a value offers both decisions. */
export function isChoice(value: string): boolean {
  return CHOICE.test(value);
}
