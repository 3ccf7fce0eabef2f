/** Shows how two texts differ, word by word, for a terminal: `[-taken out-]` and `{+put in+}`. Pure. */
import { diffWordsWithSpace } from 'diff';

/** Characters of unchanged text that are shown on either side of a change. */
const CONTEXT = 40;

/** The changes with some text around each; empty = no difference. Control characters are shown as `?`. */
export function formatWordDiff(before: string, after: string): string {
  if (before === after) return '';
  const parts = diffWordsWithSpace(before, after);
  const shown = parts.map(({ value, added, removed }, index) => {
    if (added) return `{+${value}+}`;
    if (removed) return `[-${value}-]`;
    return shorten(value, { isFirst: index === 0, isLast: index === parts.length - 1 });
  });
  // Line feeds stay; anything else that could move the cursor or turn the text round does not.
  return shown.join('').replaceAll(/(?!\n)[\p{Control}\u202a-\u202e\u2066-\u2069]/gu, '?');
}

function shorten(text: string, { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): string {
  const head = isFirst ? '' : text.slice(0, CONTEXT);
  const tail = isLast ? '' : text.slice(-CONTEXT);
  return text.length <= head.length + tail.length ? text : `${head}…${tail}`;
}
