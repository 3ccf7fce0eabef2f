/** Removes what models write before their answer: harmony channels and think blocks. Pure. */

/** The text that may hold the answer, or why there is none. */
export type Stripped = { kind: 'text'; text: string } | { kind: 'error'; code: 'no_final' | 'no_answer' };

const FINAL_CHANNEL = '<|channel|>final';
const CHANNEL = '<|channel|>';
const STRIPPED_FINAL = 'assistantfinal';

/** Keeps the last final channel, or what follows the last `</think>`; text without either stays as it is. */
export function stripReasoning(content: string): Stripped {
  const final = content.lastIndexOf(FINAL_CHANNEL);
  if (final >= 0) return text(finalChannel(content.slice(final + FINAL_CHANNEL.length)));
  if (content.includes(CHANNEL)) return { kind: 'error', code: 'no_final' };
  const strippedFinal = content.startsWith('analysis') ? content.lastIndexOf(STRIPPED_FINAL) : -1;
  if (strippedFinal >= 0) return text(content.slice(strippedFinal + STRIPPED_FINAL.length));
  const thinkEnd = content.lastIndexOf('</think>');
  const rest = thinkEnd < 0 ? content : content.slice(thinkEnd + '</think>'.length);
  if (rest.includes('<think>')) return { kind: 'error', code: 'no_answer' };
  return text(rest);
}

/** The channel's header may name a constraint before its message begins. */
function finalChannel(channel: string): string {
  const message = channel.indexOf('<|message|>');
  const body = message < 0 ? channel : channel.slice(message + '<|message|>'.length);
  return body.split(/<\|(?:return|end|start)\|>/)[0]!;
}

function text(stripped: string): Stripped {
  return { kind: 'text', text: stripped.trim() };
}
