import type { ErrorBody } from './read-error-body';

/** Codes and types by which servers name a prompt over the context window. */
const CODES = new Set(['context_length_exceeded', 'exceed_context_size_error']);

/** How servers without a code word it, one line a server. */
const WORDINGS = [
  /exceeds? the context window/i,
  /maximum context length (?:is|of)/i,
  /passed \d+ input tokens and requested \d+ output tokens/i,
  /longer than the maximum model length/i,
  /longer than the model.{0,2}s context length/i,
  /exceeds the available context size/i,
  /context size has been exceeded/i,
  /tokens to keep from the initial prompt is greater than the context length/i,
  /prompt too long.{1,3}exceeded max context length/i,
  /reduce the length of the messages/i,
  /too large for model with/i,
  /input token count.{1,40}exceeds/i,
  /inputs.{0,3} must have less than \d+ tokens/i,
  /max_new_tokens.{0,3} must be <= ?\d+/i,
];

/** Whether the server says that the prompt does not fit the model's context window. */
export function isContextOverflow({ code, type, message }: ErrorBody): boolean {
  if (CODES.has(code ?? '') || CODES.has(type ?? '')) return true;
  return message !== null && WORDINGS.some((wording) => wording.test(message));
}
