/**
 * Harmony replies hold channels: `<|channel|>analysis<|message|>…<|end|>` and, last, `<|channel|>final`. Some servers
 * remove the markers and leave the channel names glued to the text: `analysisWe need…assistantfinal{…}`.
 */

/** A reply taken apart: the answer, and the thinking that came with it. */
export interface SplitReply {
  /** null = the model only thought. */
  answer: string | null;
  /** null = none. */
  thinking: string | null;
}

const FINAL = /<\|channel\|>\s*final\b/gi;
const HEADER = /^[^<{[]*(?:<\|constrain\|>[^<{[]*)?<\|message\|>/;
const MESSAGE_END = /<\|(?:return|end|start)\|>/;
const ANY_MARKER = /<\|(?:channel|start|message)\|>/;
const ANALYSIS = '<|channel|>analysis';
const STRIPPED_FINAL = 'assistantfinal';
const STRIPPED_ANALYSIS = /^analysis(?=\p{L})/u;

/** Takes the last final channel of a harmony reply; a reply without channels is all answer. */
export function takeFinalChannel(text: string): SplitReply {
  const final = [...text.matchAll(FINAL)].at(-1);
  if (final !== undefined) {
    const body = text.slice(final.index + final[0].length).replace(HEADER, '');
    return { answer: untilMessageEnd(body).trim(), thinking: readAnalysis(text.slice(0, final.index)) };
  }
  if (ANY_MARKER.test(text)) return { answer: null, thinking: readAnalysis(text) };
  return splitStripped(text);
}

function untilMessageEnd(body: string): string {
  const end = body.search(MESSAGE_END);
  return end === -1 ? body : body.slice(0, end);
}

function readAnalysis(text: string): string | null {
  const messages = text
    .split(ANALYSIS)
    .slice(1)
    .map((part) => untilMessageEnd(part.replace(HEADER, '')).trim());
  return messages.join(' ').trim() || null;
}

function splitStripped(text: string): SplitReply {
  const isAnalysis = STRIPPED_ANALYSIS.test(text);
  const at = text.lastIndexOf(STRIPPED_FINAL);
  if (at === -1 && !isAnalysis) return { answer: text, thinking: null };
  const thinking = text
    .slice(0, at === -1 ? text.length : at)
    .replace(STRIPPED_ANALYSIS, '')
    .trim();
  return {
    answer: at === -1 ? null : text.slice(at + STRIPPED_FINAL.length).trim(),
    thinking: thinking || null,
  };
}
