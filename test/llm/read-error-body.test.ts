import { readErrorBody } from '../../src/llm/read-error-body';

const openAi = {
  error: { message: 'Bad key', type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
};
const azure = { error: { message: 'Filtered', innererror: { code: 'ResponsibleAIPolicyViolation' } } };
const vllm = { object: 'error', message: 'Too long', type: 'BadRequestError', param: null, code: 400 };
const fastApi = { detail: [{ loc: ['body'], msg: 'Field required', input: 'TEXT' }, { msg: 'Wrong type' }] };

describe('readErrorBody', () => {
  it.each([
    ['an error object', openAi, 'Bad key', 'invalid_request_error', 'invalid_api_key'],
    ['an error object in a list', [openAi], 'Bad key', 'invalid_request_error', 'invalid_api_key'],
    ['a numeric code', { error: { message: 'm', code: 503 } }, 'm', null, '503'],
    [
      'a code as a string and type null',
      { error: { message: 'm', type: null, code: '400' } },
      'm',
      null,
      '400',
    ],
    ['an inner code', azure, 'Filtered', null, 'ResponsibleAIPolicyViolation'],
    ['a flat object', vllm, 'Too long', 'BadRequestError', '400'],
    ['an error string', { error: 'no model' }, 'no model', null, null],
    [
      'an error string with its type',
      { error: 'busy', error_type: 'overloaded' },
      'busy',
      'overloaded',
      null,
    ],
    ['a detail string', { detail: 'Not Found' }, 'Not Found', null, null],
    ['a list of details without what was sent', fastApi, 'Field required; Wrong type', null, null],
    ['an object that says nothing', {}, null, null, null],
    ['null', null, null, null, null],
  ])('reads %s', (_case, body, message, type, code) => {
    expect(readErrorBody(JSON.stringify(body))).toMatchObject({ message, type, code });
  });

  it.each([
    ['object', openAi],
    ['string', { error: 'no model' }],
    ['flat', { error: 'busy', error_type: 'overloaded' }],
    ['flat', vllm],
    ['detail', fastApi],
    ['nothing', {}],
  ])('tells the shape: %s', (shape, body) => {
    expect(readErrorBody(JSON.stringify(body)).shape).toBe(shape);
  });

  it.each([
    ['of an error object', { error: { message: 'm', param: 'temperature' } }],
    ['of a flat object', { object: 'error', message: 'm', param: 'temperature' }],
  ])('reads the parameter %s', (_case, body) => {
    expect(readErrorBody(JSON.stringify(body)).param).toBe('temperature');
  });

  it.each([
    ['plain text', ' Not Found\n', 'Not Found'],
    ['HTML', '<html><body>502 Bad Gateway</body></html>', null],
    ['nothing', '', null],
  ])('reads %s without failing', (_case, body, message) => {
    expect(readErrorBody(body)).toMatchObject({ message, type: null, code: null });
  });
});
