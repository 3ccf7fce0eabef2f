/** A text that is JSON as a whole, and what it says. */
export interface JsonText {
  text: string;
  value: unknown;
}

/** Strict JSON.parse of a whole text; null = it is not JSON. Without a reviver it copes with any depth of nesting. */
export function parseJson(text: string): JsonText | null {
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** True for `{…}`; false for lists, null and scalars. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
