import { FAULTS } from '../../../src/simulator/faults/catalogue';
import { askOnce } from '../wire';
import { specsOf } from './specs';

type Body = object | RegExp;

/** What must be on the wire, by row and variant: the status, what the body holds, headers besides. */
const EXPECTED: Record<string, [number, Body, Record<string, unknown>?]> = {
  '26:openai': overflow(/maximum context length is 8192/, { code: 'context_length_exceeded' }),
  '26:openai-window': overflow(/exceeds the context window/, { code: 'context_length_exceeded' }),
  '26:vllm': overflow(/You passed 9000 input tokens and requested 256 output tokens/, { code: 400 }),
  '26:vllm-0.9': [400, { object: 'error', message: matching(/maximum context length is/), code: 400 }],
  '26:vllm-model-length': overflow(/longer than the maximum model length/),
  '26:sglang': [400, { object: 'error', message: matching(/longer than the model's context length/) }],
  '26:llama.cpp': overflow(/exceeds the available context size/, {
    type: 'exceed_context_size_error',
    n_prompt_tokens: 9000,
    n_ctx: 8192,
  }),
  '26:lmstudio': [
    400,
    { error: matching(/tokens to keep from the initial prompt is greater than the context length/) },
  ],
  '26:ollama': overflow(/prompt too long; exceeded max context length/),
  '26:groq': overflow(/reduce the length of the messages/),
  '26:mistral': [400, { object: 'error', message: matching(/too large for model with/), code: '3051' }],
  '26:gemini': [400, [{ error: { message: matching(/input token count \(9000\) exceeds/) } }]],
  '26:cerebras': [400, /^$/],
  '26:litellm': [503, { error: { message: matching(/MidStreamFallbackError/), code: '503', type: null } }],
  '27': [500, { error: { code: 400, message: 'Context size has been exceeded.' } }],
  '28:max_tokens': [400, { error: { param: 'max_tokens', code: 'unsupported_parameter' } }],
  '28:temperature': [400, { error: { param: 'temperature', code: 'unsupported_value' } }],
  '28:response_format': [400, { error: "'response_format.type' must be 'json_schema' or 'text'" }],
  '28:litellm': [400, { error: { message: matching(/UnsupportedParamsError/), code: '400', type: null } }],
  '29': [
    400,
    {
      error: {
        code: 'content_filter',
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: { self_harm: { filtered: true } },
        },
      },
    },
  ],
  '30': [400, { error: { type: 'BadRequestError', code: 400, message: matching(/Worker failed/) } }],
  '31': [400, { error: { message: matching(/Failed to load model .* Operation canceled/) } }],
  '32': [400, { error: { message: matching(/must contain the word 'json'/) } }],
  '33:key': [401, { error: { code: 'invalid_api_key' } }],
  '33:address': [401, { error: { code: 'ip_not_authorized' } }],
  '33:region': [403, { error: { code: 'unsupported_country_region_territory' } }],
  '34:credits': [402, { error: { code: 402 } }, { 'retry-after': undefined }],
  '34:in-flight-budget': [
    402,
    { error: { metadata: { limit_source: 'openrouter_in_flight_budget' } } },
    { 'retry-after': '1' },
  ],
  '35': [403, { error: { message: matching(/flagged/), metadata: { reasons: ['self-harm'] } } }],
  '36:ollama': [404, { error: { message: matching(/not found, try pulling it first/) } }],
  '36:vllm': [404, { error: { type: 'NotFoundError', code: 404 } }],
  '36:openai': [404, { error: { code: 'model_not_found' } }],
  '37:out-of-memory': oldServer(404, { error: matching(/metal::malloc/) }),
  '37:not-found': oldServer(404, { error: matching(/Repository Not Found/) }),
  '38:mlx_lm': oldServer(404, /^Not Found$/),
  '38:go': [404, /^404 page not found$/, { 'content-type': 'text/plain' }],
  '39:408': [408, { error: { type: 'timeout' } }],
  '39:409': [409, { error: { type: 'conflict' } }],
  '39:499': [499, { error: 'request canceled' }],
  '40': oldServer(411, { error: 'Content-Length header is required' }),
  '41:page': [413, /<h1>413 /, { 'content-type': 'text/html' }],
  '41:json': [413, { error: { type: 'request_too_large' } }],
  '42:length': [422, { error: matching(/must be <= 4096/), error_type: 'validation' }],
  '42:parameter': [422, { error: matching(/strictly positive/), error_type: 'validation' }],
  '42:detail': [422, { detail: [{ loc: ['body', 'seed'] }] }],
  '43': [424, { error: matching(/^Request failed during generation/), error_type: 'generation' }],
  '44': [429, { error: { code: 'rate_limit_exceeded' } }, { 'retry-after': '7' }],
  '45:ms': [429, { error: {} }, { 'retry-after-ms': '250', 'retry-after': undefined }],
  '45:date': [429, { error: {} }, { 'retry-after': matching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/) }],
  '45:day': [429, { error: {} }, { 'retry-after': '86400' }],
  '46:quota': [429, { error: { code: 'insufficient_quota', type: 'insufficient_quota' } }],
  '46:credit': [429, { error: { code: 'credit_balance_exhausted' } }],
  '46:spend-limit': [429, { error: { code: matching(/_spend_limit_exceeded$/) } }],
  '47': [
    429,
    { error: {} },
    {
      'retry-after': undefined,
      'retry-after-ms': undefined,
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
    },
  ],
  '48:429': [429, { error: 'Model is overloaded', error_type: 'overloaded' }],
  '48:503': [503, { error: { message: matching(/maximum pending requests exceeded/) } }],
  '49:object': [500, { error: { type: 'server_error', code: null } }],
  '49:numeric-code': [500, { error: { code: 500 } }],
  '49:string-code': [500, { error: { code: '500', type: null } }],
  '49:flat': [500, { object: 'error', type: 'InternalServerError', code: 500 }],
  '49:string': [500, { error: matching(/\w/) }],
  '49:error-type': [500, { error: matching(/\w/), error_type: matching(/\w/) }],
  '49:detail': [500, { detail: 'Internal Server Error' }],
  '49:text': [500, /^Internal Server Error$/],
  '49:page': [500, /<h1>500 /, { 'content-type': 'text/html' }],
  '49:nothing': [500, /^$/],
  '50': [500, { error: { type: 'EngineDeadError' } }],
  '51': [500, { error: 'Incomplete generation', error_type: 'incomplete_generation' }],
  '52:502': [502, /<h1>502 Bad Gateway/, { 'content-type': 'text/html' }],
  '52:504': [504, /<h1>504 /, { 'content-type': 'text/html' }],
  '52:524': [524, /<h1>524: /, { 'content-type': 'text/html' }],
  '53:llama.cpp': [503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }],
  '53:tgi': [503, { error: 'unhealthy', error_type: 'healthcheck' }],
  '54': [529, { type: 'error', error: { type: 'overloaded_error' } }],
  '55:307': [307, /^$/, { location: matching(/^http:\/\/elsewhere\.invalid\//) }],
  '55:308': [308, /^$/, { location: matching(/^http:\/\/elsewhere\.invalid\//) }],
};

describe('a reply with an error status', () => {
  it.each(Object.entries(EXPECTED))('is on the wire what row %s says', async (list, expected) => {
    const [status, body, headers = {}] = expected;
    const reply = await askOnce({ faults: { list } });
    expect(reply.status).toBe(status);
    if (body instanceof RegExp) expect(reply.body).toMatch(body);
    else expect(JSON.parse(reply.body)).toMatchObject(body);
    for (const [name, value] of Object.entries(headers)) expect(reply.headers[name]).toEqual(value);
    expect(reply.end).toBe(reply.statusLine.startsWith('HTTP/1.0') ? 'fin' : 'open');
  });

  it('is checked for every row and variant', () => {
    const specs = FAULTS.filter(({ group }) => group === 'error status').flatMap(specsOf);
    expect(Object.keys(EXPECTED).sort()).toEqual(specs.sort());
  });

  it('dates the retry-after of row 45 by the wait asked for', async () => {
    const before = Date.now();
    const { headers } = await askOnce({ faults: { list: '45:date' }, times: { retryAfterSeconds: 3600 } });
    const waitMs = Date.parse(headers['retry-after'] ?? '') - before;
    expect(waitMs).toBeGreaterThan(3_500_000);
    expect(waitMs).toBeLessThan(3_700_000);
  });
});

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

function overflow(message: RegExp, more: object = {}): [number, Body] {
  return [400, { error: { message: matching(message), ...more } }];
}

/** HTTP/1.0 without a length; the type is that of JSON even where the body is none. */
function oldServer(status: number, body: Body): [number, Body, Record<string, unknown>] {
  return [status, body, { 'content-length': undefined, 'content-type': 'application/json' }];
}
