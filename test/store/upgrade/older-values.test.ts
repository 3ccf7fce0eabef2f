import {
  canonicalId,
  categorize,
  NO_DECISION,
  readFlag,
  readHttpStatus,
  readIndicators,
  readInteger,
  readReal,
} from '../../../src/store/upgrade/older-values';

describe('reading older values', () => {
  it.each([
    ['1e+05', '100000'],
    ['2E5', '200000'],
    ['1.5e+10', '15000000000'],
    ['100000.0', '100000'],
    ['100000', '100000'],
    ['1.23e+01', '1.23e+01'],
    ['A1e+05', 'A1e+05'],
    ['007', '007'],
    ['', ''],
  ])('canonicalId reads %s as %s', (id, canonical) => {
    expect(canonicalId(id)).toBe(canonical);
  });

  it.each([
    ['[{}]', '[]'],
    ['[]', '[]'],
    ['', '[]'],
    ['null', '[]'],
    [null, null],
    ['["a","b"]', '["a","b"]'],
    ['"[\\"a\\",\\"b\\"]"', '["a","b"]'],
    ['"[{}]"', '[]'],
    ['"a, b"', '["a, b"]'],
    ['{"a": 1}', '{"a": 1}'],
    ['5', '[5]'],
    ['not JSON', '["not JSON"]'],
  ])('readIndicators reads %s as %s', (stored, read) => {
    expect(readIndicators(stored)).toBe(read);
  });

  it('readFlag knows the spellings of yes and no, and nothing else', () => {
    expect([1, 1.0, 'TRUE', 'T', ' yes '].map(readFlag)).toEqual([1, 1, 1, 1, 1]);
    expect([0, 'FALSE', 'f', 'No'].map(readFlag)).toEqual([0, 0, 0, 0]);
    expect([null, '', 'NA', 2, 'maybe'].map(readFlag)).toEqual([null, null, null, null, null]);
  });

  it('readInteger and readReal give null for what is no number', () => {
    expect([1.0, '12', '1e3', 'NA', '', null, Infinity, Buffer.from('1')].map(readInteger)).toEqual([
      1,
      12,
      1000,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(['0.9', 0.9, 'high'].map(readReal)).toEqual([0.9, 0.9, null]);
  });

  it.each([
    ['HTTP 429 Too Many Requests.', 'rate_limit', 429],
    ['HTTP 500 Internal Server Error.', 'http_5xx', 500],
    ['HTTP 404 Not Found.', 'http_4xx', 404],
    ['Timeout was reached: Operation timed out after 60001 milliseconds', 'timeout', null],
    ["Couldn't connect to server", 'connection', null],
    ['Failed to parse JSON from response content', 'parse', null],
    ['No content in response', 'empty_content', null],
    ['Response is NULL', 'api_error', null],
    [NO_DECISION, 'schema', null],
    [null, 'api_error', null],
  ])('categorize reads "%s" as %s', (message, category, status) => {
    expect(categorize(message)).toBe(category);
    expect(readHttpStatus(message)).toBe(status);
  });
});
