/** Row 26: how each server says that the prompt does not fit. */
import type { Serve } from './fault';
import { replies, repliesError, repliesText } from './serve';
import { permanent } from './variant';

const PROMPT = 9000;
const WINDOW = 8192;

const WORDINGS: Readonly<Record<string, Serve>> = {
  openai: repliesError(400, {
    message: `This model's maximum context length is ${WINDOW} tokens. However, your messages resulted in ${PROMPT} tokens. Please reduce the length of the messages.`,
    type: 'invalid_request_error',
    param: 'messages',
    code: 'context_length_exceeded',
  }),
  'openai-window': repliesError(400, {
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    type: 'invalid_request_error',
    param: 'input',
    code: 'context_length_exceeded',
  }),
  vllm: repliesError(400, {
    message: `You passed ${PROMPT} input tokens and requested 256 output tokens. However, the model's context length is only ${WINDOW} tokens.`,
    type: 'BadRequestError',
    param: 'input_tokens',
    code: 400,
  }),
  'vllm-0.9': replies(400, {
    object: 'error',
    message: `This model's maximum context length is ${WINDOW} tokens. However, you requested ${PROMPT} tokens (8744 in the messages, 256 in the completion).`,
    type: 'BadRequestError',
    param: null,
    code: 400,
  }),
  'vllm-model-length': repliesError(400, {
    message: `The decoder prompt (length ${PROMPT}) is longer than the maximum model length of ${WINDOW}.`,
    type: 'BadRequestError',
    code: 400,
  }),
  sglang: replies(400, {
    object: 'error',
    message: `The input (${PROMPT} tokens) is longer than the model's context length (${WINDOW} tokens).`,
    type: 'BadRequestError',
    param: null,
    code: 400,
  }),
  'llama.cpp': replies(400, {
    error: {
      code: 400,
      message: `request (${PROMPT} tokens) exceeds the available context size (${WINDOW} tokens), try increasing it`,
      type: 'exceed_context_size_error',
      n_prompt_tokens: PROMPT,
      n_ctx: WINDOW,
    },
  }),
  lmstudio: replies(400, {
    error: `Trying to keep the first ${PROMPT} tokens when context the overflows. However, the number of tokens to keep from the initial prompt is greater than the context length (${WINDOW}).`,
  }),
  ollama: repliesError(400, {
    message: `prompt too long; exceeded max context length by ${PROMPT - WINDOW} tokens`,
    type: 'invalid_request_error',
  }),
  groq: repliesError(400, {
    message: 'Please reduce the length of the messages or completion.',
    type: 'invalid_request_error',
    param: 'messages',
    code: 'context_length_exceeded',
  }),
  mistral: replies(400, {
    object: 'error',
    message: `Prompt contains ${PROMPT} tokens and 0 draft tokens, too large for model with ${WINDOW} maximum context length`,
    type: 'invalid_request_error',
    param: null,
    code: '3051',
  }),
  gemini: replies(400, [
    {
      error: {
        code: 400,
        message: `The input token count (${PROMPT}) exceeds the maximum number of tokens allowed (${WINDOW}).`,
        status: 'INVALID_ARGUMENT',
      },
    },
  ]),
  cerebras: repliesText(400, 'text/plain', ''),
  litellm: repliesError(503, {
    message: `litellm.ServiceUnavailableError: litellm.MidStreamFallbackError: OpenAIException - Requested token count exceeds the model's maximum context length of ${WINDOW} tokens.`,
    type: null,
    code: '503',
  }),
};

/** One variant a wording. */
export const CONTEXT_OVERFLOW_VARIANTS = Object.entries(WORDINGS).map(([server, serve]) =>
  permanent('context_overflow', serve, server),
);
