import type { SplitReply } from './final-channel';

const OPEN = /<think(?:ing)?>/i;
const CLOSE = /<\/think(?:ing)?>/gi;

/**
 * Drops everything up to the last `</think>`, also where the opening tag is missing. A `<think>` that is never closed
 * yields no answer, for what it holds are drafts.
 */
export function stripThinking(text: string): SplitReply {
  const close = [...text.matchAll(CLOSE)].at(-1);
  const before = close === undefined ? '' : text.slice(0, close.index);
  const after = close === undefined ? text : text.slice(close.index + close[0].length);
  const open = after.search(OPEN);
  const thinking = open === -1 ? before : `${before} ${after.slice(open)}`;
  return {
    answer: open === -1 ? after.trim() : null,
    thinking: thinking.replace(new RegExp(OPEN, 'gi'), '').trim() || null,
  };
}
