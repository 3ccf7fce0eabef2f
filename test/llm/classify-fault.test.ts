import type { CallFault } from '../../src/llm/call-fault';
import { classifyErrorReply, classifyHttpFault, classifyTransportFault } from '../../src/llm/classify-fault';
import { readErrorValue } from '../../src/llm/read-error-body';

function http(status: number, error: object | string = '', headers: Record<string, string> = {}): CallFault {
  const body = typeof error === 'string' ? error : JSON.stringify({ error });
  return classifyHttpFault({ status, headers, body, nowMs: 0 });
}

function transport(code: string | undefined, more: object = {}, replyBegan = false): CallFault | null {
  const error = Object.assign(new Error('with a secret'), { code }, more);
  return classifyTransportFault(error, { timeoutMs: 60_000, replyBegan });
}

describe('classifyHttpFault', () => {
  it.each([
    [301, 'experiment', 'api_error'],
    [307, 'experiment', 'api_error'],
    [400, 'narrative', 'context_overflow'],
    [401, 'experiment', 'http_4xx'],
    [402, 'experiment', 'http_4xx'],
    [403, 'experiment', 'http_4xx'],
    [404, 'experiment', 'http_4xx'],
    [405, 'experiment', 'http_4xx'],
    [408, 'transient', 'http_4xx'],
    [409, 'transient', 'http_4xx'],
    [413, 'narrative', 'http_4xx'],
    [422, 'experiment', 'http_4xx'],
    [425, 'transient', 'http_4xx'],
    [429, 'transient', 'rate_limit'],
    [500, 'transient', 'http_5xx'],
    [502, 'transient', 'http_5xx'],
    [503, 'transient', 'http_5xx'],
    [529, 'transient', 'http_5xx'],
  ])('judges status %i as %s, %s', (status, kind, category) => {
    expect(http(status)).toMatchObject({ kind, category, httpStatus: status, cannotConnect: false });
  });

  it.each([
    "This model's maximum context length is 8192 tokens. However, you requested 9000.",
    'Your input exceeds the context window of this model.',
    'You passed 9000 input tokens and requested 100 output tokens.',
    'The decoder prompt is longer than the maximum model length of 4096.',
    "The input (9000 tokens) is longer than the model's context length (4096 tokens).",
    'the request exceeds the available context size, try increasing it',
    'Context size has been exceeded.',
    'The number of tokens to keep from the initial prompt is greater than the context length.',
    'prompt too long; exceeded max context length by 5 tokens',
    'Please reduce the length of the messages or completion.',
    'Prompt contains 9000 tokens, too large for model with 8192 maximum context length',
    'The input token count (9000) exceeds the maximum number of tokens allowed',
  ])('reads a context overflow in: %s', (message) => {
    expect(http(400, { message })).toMatchObject({ kind: 'narrative', category: 'context_overflow' });
  });

  it.each([
    ['`inputs` must have less than 4095 tokens. Given: 5000', 422],
    ['`inputs` tokens + `max_new_tokens` must be <= 4096', 422],
    ["litellm.MidStreamFallbackError: This model's maximum context length is 8192 tokens", 503],
  ])('reads a context overflow whatever the status: %s', (message, status) => {
    expect(http(status, { message })).toMatchObject({ kind: 'narrative', category: 'context_overflow' });
  });

  it('reads a context overflow in the code, and none in a rate limit that speaks of tokens', () => {
    expect(http(400, { code: 'context_length_exceeded' }).category).toBe('context_overflow');
    expect(http(400, { type: 'exceed_context_size_error', code: 400 }).category).toBe('context_overflow');
    expect(http(429, { message: 'Too many tokens, please wait' }).category).toBe('rate_limit');
  });

  it.each([
    [400, { code: 'content_filter' }],
    [400, { message: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } }],
    [400, { type: 'content_policy_violation' }],
    [403, { code: 403, message: 'Your input was flagged by moderation' }],
  ])('reads a content filter in status %i with %j', (status, error) => {
    expect(http(status, error)).toMatchObject({ kind: 'narrative', category: 'content_filter' });
  });

  it.each([
    ["Unsupported parameter: 'max_tokens' is not supported with this model.", 'max_tokens'],
    ["Unsupported value: 'temperature' does not support 0.2 with this model.", 'temperature'],
    ["'response_format.type' must be 'json_schema' or 'text'", 'response_format'],
    ['Unrecognized request argument supplied: max_completion_tokens', 'max_completion_tokens'],
    ['litellm.UnsupportedParamsError: o1 does not support parameters: {"seed": 1}', 'seed'],
    ['seed: Extra inputs are not permitted', 'seed'],
    ["Unsupported parameter: 'messages[0].content'", null],
    ['Something odd', null],
  ])('finds the refused parameter in: %s', (message, parameter) => {
    expect(http(400, { message }).parameter).toBe(parameter);
    expect(http(400, { message }).kind).toBe(parameter === null ? 'transient' : 'experiment');
  });

  it('finds the refused parameter in its field, and none in an overflow that names the cap', () => {
    expect(http(400, { message: 'no', param: 'temperature' }).parameter).toBe('temperature');
    const overflow = { message: "This model's maximum context length is 4096 tokens", param: 'max_tokens' };
    expect(http(400, overflow)).toMatchObject({ category: 'context_overflow', parameter: null });
  });

  it('waits for the reset of a rate limit only where one was met', () => {
    const headers = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1s' };
    expect(http(429, '', headers).retryAfterMs).toBe(1000);
    expect(http(500, '', headers).retryAfterMs).toBeNull();
  });

  it('keeps what the server said out of the message, cut to 500 characters', () => {
    const fault = http(500, { message: `quoted ${'x'.repeat(600)}`, code: 'engine_dead' });
    expect(fault.message).toBe('HTTP 500');
    expect(fault.serverMessage).toHaveLength(500);
    expect(fault.code).toBe('engine_dead');
  });

  it('takes no sentence and no number for a code', () => {
    expect(http(400, { code: 'he said that he', type: null }).code).toBeNull();
    expect(http(400, { code: '400', type: 'BadRequestError' }).code).toBe('BadRequestError');
  });

  it('tells how long the server asks to wait', () => {
    expect(http(429, '', { 'retry-after': '7' }).retryAfterMs).toBe(7000);
    expect(http(503).retryAfterMs).toBeNull();
  });
});

describe('classifyErrorReply', () => {
  it.each([
    [{ message: 'odd' }, 'transient', 'api_error', null],
    [{ code: 502, message: 'upstream' }, 'transient', 'api_error', '502'],
    [{ code: 429 }, 'transient', 'rate_limit', '429'],
    [{ code: 401 }, 'experiment', 'api_error', '401'],
    [{ code: 400 }, 'transient', 'api_error', '400'],
    [{ code: 'context_length_exceeded' }, 'narrative', 'context_overflow', 'context_length_exceeded'],
    [{ message: 'Context size has been exceeded.' }, 'narrative', 'context_overflow', null],
  ])('judges an error in a reply of status 200: %j', (error, kind, category, code) => {
    expect(classifyErrorReply(readErrorValue({ error }))).toMatchObject({
      kind,
      category,
      code,
      httpStatus: 200,
    });
  });
});

describe('classifyTransportFault', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused', true],
    ['ENOTFOUND', 'host not found', true],
    ['EAI_AGAIN', 'host not found for the moment', true],
    ['EHOSTUNREACH', 'host unreachable', true],
    ['ENETUNREACH', 'network unreachable', true],
    ['EMFILE', 'too many open files', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time', true],
    ['ECONNRESET', 'connection reset', false],
    ['UND_ERR_SOCKET', 'connection closed', false],
    ['EPIPE', 'connection closed', false],
    ['UND_ERR_HEADERS_OVERFLOW', 'headers of the reply too large', false],
    ['EODD', 'connection failed (EODD)', false],
  ])('judges %s as transient: %s', (code, message, cannotConnect) => {
    const expected = { kind: 'transient', category: 'connection', code, message, cannotConnect };
    expect(transport(code)).toMatchObject(expected);
  });

  it('judges any error of the connecting itself as one that cannot connect', () => {
    expect(transport('ETIMEDOUT', { syscall: 'connect' })?.cannotConnect).toBe(true);
    expect(transport('ETIMEDOUT', { syscall: 'read' })?.cannotConnect).toBe(false);
  });

  it('judges several tries at several addresses by the first', () => {
    const refused = Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect' });
    const error = new AggregateError([refused, refused]);
    const fault = classifyTransportFault(error, { timeoutMs: 1, replyBegan: false });
    expect(fault).toMatchObject({ code: 'ECONNREFUSED', cannotConnect: true });
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'EPROTO',
  ])('judges %s as a fault of the experiment', (code) => {
    expect(transport(code)).toMatchObject({ kind: 'experiment', category: 'connection', code });
  });

  it('judges a server of another protocol by when its bytes could not be read', () => {
    const parserError = { name: 'HTTPParserError' };
    expect(transport(undefined, parserError)).toMatchObject({
      kind: 'experiment',
      message: 'not an HTTP server',
    });
    expect(transport(undefined, parserError, true)).toMatchObject({
      kind: 'transient',
      category: 'connection',
    });
  });

  it('judges a deadline as transient and names it', () => {
    const expected = { kind: 'transient', category: 'timeout', message: 'no answer within 60 s' };
    expect(transport(undefined, { name: 'TimeoutError' })).toMatchObject(expected);
    expect(transport('UND_ERR_BODY_TIMEOUT')).toMatchObject(expected);
  });

  it('judges an answer over the limit as a fault of the narrative', () => {
    const expected = { kind: 'narrative', category: 'too_large' };
    expect(transport('UND_ERR_RES_EXCEEDED_MAX_SIZE')).toMatchObject(expected);
  });

  it.each([undefined, 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_INVALID_ARG', 'ERR_INVALID_ARG_TYPE'])(
    'leaves what is no fault of a call alone: %s',
    (code) => {
      expect(transport(code)).toBeNull();
    },
  );

  it('keeps the words of the error out of its own', () => {
    expect(JSON.stringify({ ...transport('ECONNRESET') })).not.toContain('secret');
    expect(transport('ECONNRESET')?.cause).toBeUndefined();
  });
});
