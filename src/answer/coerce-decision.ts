const TRUE_WORDS: readonly unknown[] = ['true', 'yes', 'y', '1'];
const FALSE_WORDS: readonly unknown[] = ['false', 'no', '0'];

/** true or false where the value says so in a whole word or digit; null = it says neither. */
export function coerceDecision(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const word = String(value).trim().toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : null;
}
