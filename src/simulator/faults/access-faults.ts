/** Rows 33 to 39: the key, the money, the model or the path; and 4xx that pass by themselves. */
import type { Fault } from './fault';
import { repliesLikeOldServer } from './old-http-server';
import { replies, repliesError, repliesText } from './serve';
import { permanent, stopping, transient } from './variant';

/** Rows about who asks and where. */
export const ACCESS_FAULTS: readonly Fault[] = [
  row(33, '401 or 403: key, address, region', [
    stopping(
      'http_4xx',
      repliesError(401, {
        message: 'Incorrect API key provided.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      }),
      'key',
    ),
    stopping(
      'http_4xx',
      repliesError(401, {
        message: 'Your IP is not authorized to access this resource.',
        type: 'invalid_request_error',
        code: 'ip_not_authorized',
      }),
      'address',
    ),
    stopping(
      'http_4xx',
      repliesError(403, {
        message: 'Country, region, or territory not supported',
        type: 'request_forbidden',
        code: 'unsupported_country_region_territory',
      }),
      'region',
    ),
  ]),
  row(34, '402 credits', [
    stopping(
      'http_4xx',
      replies(402, { error: { message: 'Insufficient credits. Add more to go on.', code: 402 } }),
      'credits',
    ),
    transient(
      'http_4xx',
      replies(
        402,
        {
          error: {
            message: 'Too much is in flight for the balance.',
            code: 402,
            metadata: { limit_source: 'openrouter_in_flight_budget' },
          },
        },
        { 'retry-after': '1' },
      ),
      'in-flight-budget',
    ),
  ]),
  row(35, '403 moderation flag on this input', [
    permanent(
      'content_filter',
      replies(403, {
        error: {
          code: 403,
          message: 'Your input was flagged by moderation',
          metadata: { reasons: ['self-harm'], provider_name: 'Provider', model_slug: 'a/model' },
        },
      }),
    ),
  ]),
  row(36, '404 model not found', [
    stopping(
      'http_4xx',
      repliesError(404, { message: 'model "absent" not found, try pulling it first', type: 'api_error' }),
      'ollama',
    ),
    stopping(
      'http_4xx',
      repliesError(404, {
        message: 'The model `absent` does not exist.',
        type: 'NotFoundError',
        param: 'model',
        code: 404,
      }),
      'vllm',
    ),
    stopping(
      'http_4xx',
      repliesError(404, {
        message: 'The model `absent` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        code: 'model_not_found',
      }),
      'openai',
    ),
  ]),
  row(37, '404 from mlx_lm for any exception', [
    transient(
      'http_4xx',
      repliesLikeOldServer(
        '404 Not Found',
        '{"error": "[metal::malloc] Attempting to allocate 19327352832 bytes which is greater than the maximum allowed buffer size."}',
      ),
      'out-of-memory',
    ),
    stopping(
      'http_4xx',
      repliesLikeOldServer(
        '404 Not Found',
        '{"error": "404 Client Error. Repository Not Found for url: https://huggingface.co/api/models/absent."}',
      ),
      'not-found',
    ),
  ]),
  row(38, '404 plain "Not Found"', [
    stopping('http_4xx', repliesLikeOldServer('404 Not Found', 'Not Found'), 'mlx_lm'),
    stopping('http_4xx', repliesText(404, 'text/plain', '404 page not found'), 'go'),
  ]),
  row(39, '408, 409 or 499', [
    transient('http_4xx', repliesError(408, { message: 'Request timeout', type: 'timeout' }), '408'),
    transient(
      'http_4xx',
      repliesError(409, { message: 'The request conflicts with another one.', type: 'conflict' }),
      '409',
    ),
    transient('http_4xx', replies(499, { error: 'request canceled' }), '499'),
  ]),
];

function row(number: number, name: string, variants: Fault['variants']): Fault {
  return { number, name, group: 'error status', servedBy: 'reply', variants };
}
