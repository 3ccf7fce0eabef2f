const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);

/**
 * The index after the bracket that closes the `{` or `[` at `start`; null = it is never closed. Counts brackets of that
 * kind outside double-quoted strings. A backslash hides the next character everywhere: outside strings it occurs only
 * in JSON that was escaped as a whole, where it stands before quotes that open nothing.
 */
export function findEnd(text: string, start: number): number | null {
  const open = text.charCodeAt(start);
  const close = (text[start] === '{' ? '}' : ']').charCodeAt(0);
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === BACKSLASH) index += 1;
    else if (character === QUOTE) isInString = !isInString;
    else if (isInString) continue;
    else if (character === open) depth += 1;
    else if (character === close) {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return null;
}
