/** Rows 26 to 32 and 40 to 43: an error status because of what was asked. */
import { CONTEXT_OVERFLOW_VARIANTS } from './context-overflow-faults';
import type { Fault } from './fault';
import { repliesLikeOldServer } from './old-http-server';
import { replies, repliesError, repliesPage } from './serve';
import { givenUpLater, permanent, stopping, transient, stoppingWhenGeneral } from './variant';

/** Rows about what was asked. */
export const REQUEST_FAULTS: readonly Fault[] = [
  row(26, '400 context overflow, each wording', CONTEXT_OVERFLOW_VARIANTS),
  row(27, '500 "Context size has been exceeded."', [
    permanent(
      'context_overflow',
      replies(500, {
        error: { code: 400, message: 'Context size has been exceeded.', type: 'server_error' },
      }),
    ),
  ]),
  row(28, '400 unsupported parameter or value', [
    stopping(
      'http_4xx',
      repliesError(400, {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'unsupported_parameter',
      }),
      'max_tokens',
    ),
    stopping(
      'http_4xx',
      repliesError(400, {
        message:
          "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
        type: 'invalid_request_error',
        param: 'temperature',
        code: 'unsupported_value',
      }),
      'temperature',
    ),
    stopping(
      'http_4xx',
      replies(400, { error: "'response_format.type' must be 'json_schema' or 'text'" }),
      'response_format',
    ),
    stopping(
      'http_4xx',
      repliesError(400, {
        message: "litellm.UnsupportedParamsError: the model does not support parameters: ['seed']",
        type: null,
        code: '400',
      }),
      'litellm',
    ),
  ]),
  row(29, '400 content_filter, ResponsibleAIPolicyViolation', [
    stoppingWhenGeneral(
      permanent(
        'content_filter',
        repliesError(400, {
          message:
            "The response was filtered due to the prompt triggering the service's content management policy.",
          type: null,
          param: 'prompt',
          code: 'content_filter',
          status: 400,
          innererror: {
            code: 'ResponsibleAIPolicyViolation',
            content_filter_result: {
              self_harm: { filtered: true, severity: 'medium' },
              violence: { filtered: false, severity: 'low' },
            },
          },
        }),
      ),
    ),
  ]),
  row(30, "400 that is the server's own failure", [
    stoppingWhenGeneral(
      givenUpLater(
        'http_4xx',
        repliesError(400, {
          message: 'Worker failed with error, please check the stack trace above for the root cause',
          type: 'BadRequestError',
          code: 400,
        }),
      ),
    ),
  ]),
  row(31, '400 "Failed to load model", operation canceled', [
    transient(
      'http_4xx',
      repliesError(400, {
        message: 'Failed to load model "a-model". Error: Operation canceled.',
        type: 'invalid_request_error',
        param: 'model',
      }),
    ),
  ]),
  row(32, '400 messages must contain the word json', [
    stopping(
      'http_4xx',
      repliesError(400, {
        message:
          "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        type: 'invalid_request_error',
        param: 'messages',
      }),
    ),
  ]),
  row(40, '411 Content-Length required', [
    stopping(
      'http_4xx',
      repliesLikeOldServer('411 Length Required', '{"error": "Content-Length header is required"}'),
    ),
  ]),
  row(41, '413 request too large', [
    permanent('http_4xx', repliesPage(413, '413 Request Entity Too Large'), 'page'),
    permanent(
      'http_4xx',
      repliesError(413, { message: 'Request too large.', type: 'request_too_large' }),
      'json',
    ),
  ]),
  row(42, '422 validation', [
    permanent(
      'context_overflow',
      replies(422, {
        error:
          'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9000 `inputs` tokens and 256 `max_new_tokens`',
        error_type: 'validation',
      }),
      'length',
    ),
    stopping(
      'http_4xx',
      replies(422, {
        error: 'Input validation error: `temperature` must be strictly positive',
        error_type: 'validation',
      }),
      'parameter',
    ),
    stopping(
      'http_4xx',
      replies(422, {
        detail: [{ type: 'int_parsing', loc: ['body', 'seed'], msg: 'Input should be a valid integer' }],
      }),
      'detail',
    ),
  ]),
  row(43, '424 generation failed', [
    transient(
      'http_4xx',
      replies(424, {
        error: 'Request failed during generation: Server error: CUDA error: out of memory',
        error_type: 'generation',
      }),
    ),
  ]),
];

function row(number: number, name: string, variants: Fault['variants']): Fault {
  return { number, name, group: 'error status', servedBy: 'reply', variants };
}
