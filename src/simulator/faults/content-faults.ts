/** Rows 1 to 8, 12, 13 and 22 to 24: status 200 and a whole envelope; what is odd stands in the message or beside it. */
import { promptTokensOf, tokensOf, usageOf, type Completion } from '../completion';
import { hashFraction } from '../hash-fraction';
import type { Fault } from './fault';
import { answers, contentOf, withMessage } from './serve';
import { givenUpLater, permanent, stopping, valid, stoppingWhenGeneral } from './variant';
import { WRAPPED_ANSWERS } from './wrapped-answers';

const WINDOW_TOKENS = 4096;
/** What a runaway generation stops at where the request names no cap. */
const DEFAULT_CAP_TOKENS = 8192;
const LONG_THOUGHT = 'The text has to be weighed again from the beginning. '.repeat(40);

/** Rows whose envelope is whole. */
export const CONTENT_FAULTS: readonly Fault[] = [
  row(1, 'clean JSON answer', [valid(answers((completion) => completion))]),
  row(
    2,
    'answer in a fence, in prose, in harmony channels, after thinking',
    WRAPPED_ANSWERS.map(({ name, wrap }) =>
      valid(
        answers((completion) => withMessage(completion, { content: wrap(contentOf(completion)) })),
        name,
      ),
    ),
  ),
  row(3, 'content null, reasoning, finish length', [
    permanent(
      'truncated',
      answers((completion) =>
        withMessage(completion, { content: null, reasoning: LONG_THOUGHT }, { finish_reason: 'length' }),
      ),
    ),
  ]),
  row(4, 'content null, finish stop', [
    givenUpLater(
      'empty_content',
      answers((completion) => withMessage(completion, { content: null })),
    ),
  ]),
  row(
    5,
    'answer in the reasoning, content null',
    ['reasoning', 'reasoning_content'].map((field) =>
      valid(
        answers((completion) => withMessage(completion, { content: null, [field]: contentOf(completion) })),
        field,
      ),
    ),
  ),
  row(6, 'content empty, usage above zero (prompt over the window)', [
    permanent(
      'context_overflow',
      answers((completion) => ({
        ...withMessage(completion, { content: '' }),
        usage: usageOf(WINDOW_TOKENS, 1),
      })),
    ),
  ]),
  row(7, 'half a JSON object, finish length', [
    permanent(
      'truncated',
      answers((completion, { facts: { digest } }) => {
        const content = contentOf(completion);
        const kept = Math.floor(content.length * (0.2 + 0.7 * hashFraction(`cut/${digest}`)));
        return withMessage(completion, { content: content.slice(0, kept) }, { finish_reason: 'length' });
      }),
    ),
  ]),
  row(8, 'prompt cut silently by the server', [
    stoppingWhenGeneral(permanent('context_overflow', answers(fillingTheWindow), 'window-full')),
    stoppingWhenGeneral(
      permanent(
        'context_overflow',
        answers((completion, { facts: { chat } }) => ({
          ...completion,
          usage: usageOf(Math.floor(promptTokensOf(chat) * 0.3), completion.usage.completion_tokens),
        })),
        'far-too-few',
      ),
    ),
  ]),
  row(12, 'finish content_filter, no content', [
    permanent(
      'content_filter',
      answers((completion) => ({
        ...completion,
        choices: [
          {
            index: 0,
            finish_reason: 'content_filter',
            message: { role: 'assistant' },
            content_filter_results: { self_harm: { filtered: true, severity: 'high' } },
          },
        ],
      })),
    ),
  ]),
  row(13, 'a refusal', [
    permanent(
      'refusal',
      answers((completion) =>
        withMessage(completion, { content: "I'm sorry, but I can't help with that request." }),
      ),
      'prose',
    ),
    permanent(
      'refusal',
      answers((completion) =>
        withMessage(completion, { content: null, refusal: "I'm sorry, I cannot assist with that request." }),
      ),
      'field',
    ),
  ]),
  row(22, 'another model or system fingerprint', [
    valid(
      answers((completion) => ({ ...completion, system_fingerprint: 'fp_swapped' })),
      'fingerprint',
    ),
    stopping(
      'api_error',
      answers((completion) => ({ ...completion, model: 'another-model' })),
      'model',
    ),
  ]),
  row(23, 'usage missing or null', [
    valid(
      answers((completion) => ({ ...completion, usage: undefined })),
      'missing',
    ),
    valid(
      answers((completion) => ({ ...completion, usage: null })),
      'null',
    ),
  ]),
  row(24, 'whitespace up to max_tokens', [
    permanent(
      'truncated',
      answers((completion, { facts: { chat, maxTokens } }) => {
        const cap = maxTokens ?? DEFAULT_CAP_TOKENS;
        const begun = contentOf(completion).split(',', 1)[0] ?? '';
        const blank = ' \n'.repeat(Math.max(0, cap - tokensOf(begun.length)));
        return {
          ...withMessage(completion, { content: `${begun},${blank}` }, { finish_reason: 'length' }),
          usage: usageOf(promptTokensOf(chat), cap),
        };
      }),
    ),
  ]),
];

function row(number: number, name: string, variants: Fault['variants']): Fault {
  return { number, name, group: 'status 200', servedBy: 'reply', variants };
}

/** The counts of a server that dropped the beginning of the prompt: together exactly its window. */
function fillingTheWindow(completion: Completion): Completion {
  const { completion_tokens } = completion.usage;
  return { ...completion, usage: usageOf(WINDOW_TOKENS - completion_tokens, completion_tokens) };
}
