import type { ErrorCategory } from '../experiment';
import type { AnswerErrorCode } from './answer';

/** The row category and the fixed sentence of each code. The sentences never quote a reply, so they fit any log. */
export const ANSWER_ERRORS: Readonly<
  Record<AnswerErrorCode, { readonly category: ErrorCategory; readonly message: string }>
> = {
  truncated: {
    category: 'truncated',
    message: 'The reply was cut before its end; a higher model.max_tokens may let the model finish.',
  },
  content_filter: {
    category: 'content_filter',
    message: "The server's content filter withheld or cut the reply.",
  },
  empty: { category: 'empty_content', message: 'The reply holds no text.' },
  refusal: { category: 'refusal', message: 'The model declined to answer.' },
  no_final: {
    category: 'parse',
    message: 'The reply holds the analysis channel only; the model gave no final answer.',
  },
  no_answer: {
    category: 'parse',
    message: 'The reply holds thinking only; the model gave no answer after it.',
  },
  no_json: { category: 'parse', message: 'The reply holds no JSON object.' },
  unparsable: {
    category: 'parse',
    message: 'The reply holds an object that cannot be read as JSON without guessing.',
  },
  too_large: {
    category: 'too_large',
    message: 'The reply is larger than 64 KiB and cannot be read as JSON as it stands.',
  },
  no_decision: {
    category: 'schema',
    message: 'The reply says neither true nor false for "detected".',
  },
  template_echo: {
    category: 'schema',
    message: 'The reply repeats the answer template of the prompt instead of filling it in.',
  },
  ambiguous: { category: 'schema', message: 'The reply gives several answers at once that disagree.' },
};
