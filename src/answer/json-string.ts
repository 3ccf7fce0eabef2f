/** Escapes that JSON knows, quotes that need no backslash, and what may not stand bare in a JSON string. */
const SPECIAL = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\['‘’“”`]|["\\]|\p{Cc}/gu;

/**
 * Writes what stands between the quotes of a string, of whatever kind they are, as a JSON string. The text stays as
 * it is: escapes keep their meaning, quotes and control characters are escaped, and a lone backslash is one.
 */
export function toJsonString(inside: string): string {
  return `"${inside.replace(SPECIAL, escape)}"`;
}

function escape(part: string): string {
  if (part.length === 1) return JSON.stringify(part).slice(1, -1);
  return /^\\['‘’“”`]$/.test(part) ? part.slice(1) : part;
}

/** Whether what stands between double quotes is the inside of a JSON string as it is. */
export function isInsideOfJsonString(inside: string): boolean {
  return !/[\p{Cc}\\]/u.test(inside) || isJson(`"${inside}"`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
