import { CallFault } from '../../src/llm/call-fault';
import { readReply } from '../../src/llm/read-reply';

function envelope(message: object, more: object = {}): string {
  return JSON.stringify({ choices: [{ message, finish_reason: 'stop' }], ...more });
}

function faultOf(body: string): CallFault {
  try {
    readReply(body);
  } catch (error) {
    if (error instanceof CallFault) return error;
    throw error;
  }
  throw new Error('the reply was read');
}

describe('readReply', () => {
  it('reads all that a chat completion says', () => {
    const usage = { prompt_tokens: 995, completion_tokens: 258, total_tokens: 1253 };
    const body = envelope(
      { role: 'assistant', content: ' {"detected": true} ', reasoning: ' It says so. ' },
      { id: 'chat-1', model: 'gpt-oss', system_fingerprint: 'fp_1', usage },
    );
    expect(readReply(` \n\n${body}\n`)).toEqual({
      content: ' {"detected": true} ',
      reasoning: 'It says so.',
      finishReason: 'stop',
      refusal: null,
      model: 'gpt-oss',
      systemFingerprint: 'fp_1',
      responseId: 'chat-1',
      promptTokens: 995,
      completionTokens: 258,
      totalTokens: 1253,
    });
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['of other types', { prompt_tokens: '9', completion_tokens: 1.5, total_tokens: -1 }],
  ])('gives null for token counts that are %s', (_case, usage) => {
    const expected = { promptTokens: null, completionTokens: null, totalTokens: null };
    expect(readReply(envelope({ content: 'x' }, { usage }))).toMatchObject(expected);
  });

  it.each([
    ['a string', 'abc', 'abc'],
    ['an empty string', '', ''],
    ['null', null, null],
    ['missing', undefined, null],
    ['parts', [{ type: 'text', text: 'a' }, { type: 'image' }, 'b', { type: 'text', text: 'c' }], 'abc'],
    ['parts without a text', [{ type: 'thinking', thinking: 'hm' }], null],
    ['no parts', [], null],
  ])('reads content that is %s', (_case, content, expected) => {
    expect(readReply(envelope({ content })).content).toBe(expected);
  });

  it.each([
    ['reasoning before reasoning_content', { reasoning: 'a', reasoning_content: 'b' }, 'a'],
    ['reasoning_content where reasoning is null', { reasoning: null, reasoning_content: 'b' }, 'b'],
    ['reasoning_content where reasoning is blank', { reasoning: ' ', reasoning_content: 'b' }, 'b'],
    ['reasoning_details', { reasoning_details: [{ text: 'a' }, { data: 'x' }, { text: 'b' }] }, 'a b'],
    ['thinking', { thinking: ['a', 'b'] }, 'a b'],
    ['nothing', {}, null],
  ])('finds the reasoning in %s', (_case, message, expected) => {
    expect(readReply(envelope({ content: 'x', ...message })).reasoning).toBe(expected);
  });

  it('replaces lone surrogates, which the results file cannot hold', () => {
    const body = envelope({ content: 'a\uD800b😀', reasoning: '\uDC00' });
    expect(body).toContain('\\ud800');
    expect(readReply(body)).toMatchObject({ content: 'a\uFFFDb😀', reasoning: '\uFFFD' });
  });

  it('finds a refusal beside the content or as a part of it', () => {
    expect(readReply(envelope({ content: null, refusal: 'No.' })).refusal).toBe('No.');
    expect(readReply(envelope({ content: [{ type: 'refusal', refusal: 'No.' }] })).refusal).toBe('No.');
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n'],
    ['cut', envelope({ content: 'abc' }).slice(0, 30)],
    ['a page', '<html>login</html>'],
    ['a list', '[]'],
    ['null', 'null'],
    ['without choices', '{"id":"1"}'],
    ['with no choice', '{"choices":[]}'],
    ['without a message', '{"choices":[{"finish_reason":"stop"}]}'],
    ['broken off by an error', '{"choices":[{"error":{"code":502},"message":{"content":"half"}}]}'],
    ['finished by an error', '{"choices":[{"finish_reason":"error","message":{"content":"half"}}]}'],
    ['of a content that is an object', '{"choices":[{"message":{"content":{}}}]}'],
  ])('throws a transient api_error when the reply is %s', (_case, body) => {
    expect(faultOf(body)).toMatchObject({ kind: 'transient', category: 'api_error', httpStatus: 200 });
  });

  it('throws what an error in the body says, and quotes it nowhere but in serverMessage', () => {
    const fault = faultOf('{"error":{"message":"upstream said abc","code":502}}');
    expect(fault).toMatchObject({
      kind: 'transient',
      category: 'api_error',
      serverMessage: 'upstream said abc',
    });
    expect(fault.message).not.toContain('abc');
    expect(readReply(envelope({ content: 'x' }, { error: null })).content).toBe('x');
  });
});
