/**
 * Judges a reply by its facts once the parser has read it: a label is not taken from a prompt that the server cut, and
 * what the parser found no answer in may be the server's doing, which another try can mend or not.
 */
import type { ErrorCategory } from '../experiment';
import { CallFault } from './call-fault';
import type { FaultRule } from './fault-rule';
import type { ChatReply } from './read-reply';

/** What the parser made of the reply. */
export type ReadReply = { kind: 'answer' } | { kind: 'error'; category: ErrorCategory };

/** What is known of the call besides. */
export interface CallFacts {
  /** Characters of all messages that were sent; blanks in a row count as one. */
  promptChars: number;
  /** Tokens of prompt and reply together; null = not known. */
  contextWindow: number | null;
  /** Whether this server cuts a prompt that is too long. */
  cutsSilently: boolean;
}

/** Fewer tokens than this for each four characters mean that a part of the prompt was not read. */
const LEAST_TOKENS_PER_FOUR_CHARS = 0.5;
/** A shorter prompt fits any window, and its count of tokens says little. */
const LEAST_CHARS_TO_JUDGE = 200;
/** Blanks in a row at the end of a cut reply: the model ran away in its JSON mode. */
const RUNAWAY = /\s{200}$/;

const EMPTY: FaultRule = { maxRetries: 2 };
const EMPTY_TEXT: FaultRule = { maxRetries: 1 };
/** Sampling another time may bring an answer; without sampling the words stay the same. */
const REFUSED: FaultRule = { maxRetries: 1, onlyIfTemperature: true };

/** The length by which a prompt's tokens are judged: tokenizers take blanks in a row as one. */
export function promptCharsOf(messages: readonly string[]): number {
  return messages.reduce((sum, message) => sum + message.replace(/\s+/g, ' ').length, 0);
}

/**
 * The fault of a reply; null = it stands as the parser read it. A transient one is worth another try as its rule says;
 * when tries are used up the narrative's error row has the fault's category. Every fault has a code.
 */
export function judgeReply(reply: ChatReply, read: ReadReply, facts: CallFacts): CallFault | null {
  const cut = isPromptCut(reply, facts)
    ? final('context_overflow', 'the server cut the prompt', 'prompt_cut')
    : null;
  if (read.kind === 'answer') return cut;
  const { content, reasoning, finishReason, refusal } = reply;
  const isBlank = (content ?? '').trim() === '';
  if (isBlank && finishReason === 'content_filter') {
    return final('content_filter', 'the content filter of the server held the answer back', 'content_filter');
  }
  if (read.category === 'refusal' || (isBlank && refusal !== null)) {
    return again('refusal', 'the model declined to answer', 'refusal', REFUSED);
  }
  if (read.category === 'truncated' && RUNAWAY.test(content ?? '')) {
    return final('truncated', 'the reply ran away in blanks up to its longest length', 'runaway');
  }
  if (read.category !== 'empty_content') return cut;
  if (content === '' && reasoning === null && (reply.promptTokens ?? 0) > 0) {
    return again(
      'context_overflow',
      'the reply is empty as for a prompt over the window',
      'empty_text',
      EMPTY_TEXT,
    );
  }
  return again('empty_content', 'the reply holds no text', 'empty', EMPTY);
}

/** Whether the tokens do not add up to the prompt that was sent; a count of 0 stands for one that is not kept. */
export function isPromptCut(
  { promptTokens, completionTokens }: Pick<ChatReply, 'promptTokens' | 'completionTokens'>,
  { promptChars, contextWindow, cutsSilently }: CallFacts,
): boolean {
  if (promptTokens === null || promptTokens === 0) return false;
  const isFarTooFew = promptTokens < (LEAST_TOKENS_PER_FOUR_CHARS * promptChars) / 4;
  if (promptChars >= LEAST_CHARS_TO_JUDGE && isFarTooFew) return true;
  const total = promptTokens + (completionTokens ?? 0);
  if (contextWindow !== null) return promptTokens >= contextWindow || total === contextWindow;
  return cutsSilently && isPowerOfTwo(total);
}

/** Windows are set to such numbers, and only a window that is full is hit exactly. */
function isPowerOfTwo(tokens: number): boolean {
  return tokens >= 2048 && (tokens & (tokens - 1)) === 0;
}

function final(category: ErrorCategory, message: string, code: string): CallFault {
  return new CallFault(message, { kind: 'narrative', category, code, httpStatus: 200 });
}

function again(category: ErrorCategory, message: string, code: string, rule: FaultRule): CallFault {
  return new CallFault(message, { kind: 'transient', category, code, httpStatus: 200, rule });
}
