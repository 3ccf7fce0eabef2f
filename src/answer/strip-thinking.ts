import type { SplitReply } from './final-channel';

const OPEN = /<think(?:ing)?>/i;
const CLOSE = /<\/think(?:ing)?>/iy;

/**
 * Drops everything up to the last `</think>`, also where the opening tag is missing. A `<think>` that is never closed
 * yields no answer, for what it holds are drafts.
 */
export function stripThinking(text: string): SplitReply {
  const close = lastClose(text);
  const before = close === null ? '' : text.slice(0, close.start);
  const after = close === null ? text : text.slice(close.end);
  const open = after.search(OPEN);
  const thinking = open === -1 ? before : `${before} ${after.slice(open)}`;
  return {
    answer: open === -1 ? after.trim() : null,
    thinking: thinking.replace(new RegExp(OPEN, 'gi'), '').trim() || null,
  };
}

function lastClose(text: string): { start: number; end: number } | null {
  const pattern = new RegExp(CLOSE);
  for (let start = text.lastIndexOf('</'); start !== -1; start = text.slice(0, start).lastIndexOf('</')) {
    pattern.lastIndex = start;
    if (pattern.test(text)) return { start, end: pattern.lastIndex };
  }
  return null;
}
