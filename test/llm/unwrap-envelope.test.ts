import { CallFault } from '../../src/llm/call-fault';
import { readReply, type ChatReply } from '../../src/llm/read-reply';

function event(value: unknown): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

const piece = (delta: object, finish: string | null = null, more: object = {}) =>
  event({ id: 'r', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }], ...more });

function read(body: string): ChatReply {
  return readReply(body);
}

function faultOf(body: string): CallFault {
  try {
    read(body);
  } catch (error) {
    if (error instanceof CallFault) return error;
    throw error;
  }
  throw new Error('the reply was read');
}

describe('a reply that is a stream', () => {
  it('is put together with its thinking, its usage and its end', () => {
    const body =
      piece({ role: 'assistant', content: '' }) +
      piece({ reasoning_content: 'It ' }) +
      piece({ reasoning_content: 'says so.' }) +
      piece({ content: 'a b' }) +
      piece({ content: ' c' }) +
      piece({}, 'stop') +
      event({ id: 'r', choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } }) +
      event('[DONE]');
    expect(read(body)).toMatchObject({
      content: 'a b c',
      reasoning: 'It says so.',
      finishReason: 'stop',
      model: 'm',
      responseId: 'r',
      promptTokens: 9,
      completionTokens: 4,
    });
  });

  it('keeps words whole that come letter by letter', () => {
    const details = (text: string) => piece({ reasoning_details: [{ type: 'reasoning.text', text }] });
    expect(read(details('ha') + details('lf') + piece({ content: 'x' }, 'stop')).reasoning).toBe('half');
  });

  it('may end by its end mark or its finish reason, with any line ends and names of events', () => {
    expect(read(piece({ content: 'x' }) + event('[DONE]'))).toMatchObject({
      content: 'x',
      finishReason: null,
    });
    const crlf = `event: message\r\nid: 1\r\n${piece({ content: 'x' }, 'length').replaceAll('\n', '\r\n')}`;
    expect(read(crlf)).toMatchObject({ content: 'x', finishReason: 'length' });
  });

  it('may leave out the blank lines, or spread an event over lines', () => {
    const tight = (piece({ content: 'x' }) + piece({ content: 'y' }, 'stop')).replaceAll('\n\n', '\n');
    expect(read(tight).content).toBe('xy');
    expect(
      read('data: {"choices":[{"delta":{"content":"x"},\ndata: "finish_reason":"stop"}]}\n\n').content,
    ).toBe('x');
  });

  it('may be a single event that holds the whole', () => {
    expect(read(event({ choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] })).content).toBe(
      'x',
    );
  });

  it('leaves other choices aside', () => {
    const other = event({ choices: [{ index: 1, delta: { content: 'no' }, finish_reason: 'stop' }] });
    expect(read(other + piece({ content: 'x' }, 'stop')).content).toBe('x');
  });

  it.each([
    ['breaks off between events', piece({ content: '{"detected": tr' })],
    ['breaks off within an event', piece({ content: 'x' }) + 'data: {"choices":[{"del'],
    ['reports an error', piece({ content: 'x' }) + event({ error: { message: 'upstream', code: 502 } })],
    ['ends by an error', piece({ content: 'x' }, 'error')],
  ])('is transient when it %s', (_case, body) => {
    expect(faultOf(body)).toMatchObject({ kind: 'transient', category: 'api_error' });
  });

  it('is judged by the error that it reports', () => {
    const body = event({ error: { message: 'Context size has been exceeded.', code: 500 } });
    expect(faultOf(body)).toMatchObject({ kind: 'narrative', category: 'context_overflow' });
  });
});

describe('a reply in wrappings', () => {
  const whole = JSON.stringify(
    { choices: [{ message: { content: ': a\n\ndata: b' }, finish_reason: 'stop' }] },
    null,
    2,
  );

  it.each([
    ['a byte order mark', `\uFEFF${whole}`],
    ['blanks on both ends', `\n\n  \r\n${whole}\n\n\n`],
    ['comments before it', `: WAIT\n\n: WAIT\n\n${whole}`],
    ['comments and an end mark behind it', `${whole}\n\n: WAIT\n\ndata: [DONE]\n\n`],
  ])('is read through %s, its content untouched', (_case, body) => {
    expect(read(body).content).toBe(': a\n\ndata: b');
  });

  it.each([
    ['nothing but blanks', ' \n\n ', 'the reply is empty'],
    ['nothing but comments', ': WAIT\n\n: WAIT\n', 'the reply is empty'],
    ['a page', '\n<!doctype html>', 'the reply is a web page'],
    ['half an object', whole.slice(0, 40), 'the reply is not whole JSON'],
    ['bytes', '\u0000\u0001', 'the reply is not whole JSON'],
  ])('is transient when it is %s', (_case, body, message) => {
    expect(faultOf(body)).toMatchObject({ kind: 'transient', category: 'api_error', message });
  });
});
