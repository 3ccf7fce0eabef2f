import { judgeReply, promptCharsOf, type CallFacts, type ReadReply } from '../../src/llm/judge-reply';
import type { ChatReply } from '../../src/llm/read-reply';

const REPLY: ChatReply = {
  content: '{"detected": true}',
  reasoning: null,
  finishReason: 'stop',
  refusal: null,
  model: 'm',
  systemFingerprint: null,
  responseId: null,
  promptTokens: 1000,
  completionTokens: 100,
  totalTokens: 1100,
};
const ANSWER: ReadReply = { kind: 'answer' };
const EMPTY: ReadReply = { kind: 'error', category: 'empty_content' };

function judge(reply: Partial<ChatReply>, read: ReadReply = ANSWER, facts: Partial<CallFacts> = {}) {
  const all = { promptChars: 4000, contextWindow: null, cutsSilently: false, ...facts };
  return judgeReply({ ...REPLY, ...reply }, read, all);
}

const CUT = { kind: 'narrative', category: 'context_overflow', code: 'prompt_cut' };

describe('judgeReply on prompts that the server cut', () => {
  it('lets an answer stand whose prompt was read whole', () => {
    expect(judge({})).toBeNull();
    expect(judge({}, ANSWER, { contextWindow: 1001 })).toBeNull();
  });

  it('takes no answer for which far too few tokens were read', () => {
    expect(judge({ promptTokens: 499 })).toMatchObject(CUT);
    expect(judge({ promptTokens: 500 })).toBeNull();
  });

  it('takes no answer whose prompt fills the window', () => {
    expect(judge({}, ANSWER, { contextWindow: 1000 })).toMatchObject(CUT);
    expect(judge({}, ANSWER, { contextWindow: 1100 })).toMatchObject(CUT);
  });

  it('takes no answer that fills a window exactly, from a server that cuts', () => {
    const exact = { promptTokens: 4000, completionTokens: 96 };
    expect(judge(exact, ANSWER, { cutsSilently: true })).toMatchObject(CUT);
    expect(judge(exact)).toBeNull();
    expect(judge({ ...exact, completionTokens: 97 }, ANSWER, { cutsSilently: true })).toBeNull();
  });

  it.each([
    ['the server counts nothing', { promptTokens: null }, {}],
    ['the count is 0', { promptTokens: 0 }, {}],
    ['the prompt is short', { promptTokens: 1 }, { promptChars: 199 }],
  ])('does not judge where %s', (_case, reply, facts) => {
    expect(judge(reply, ANSWER, facts)).toBeNull();
  });

  it('counts blanks in a row as one character', () => {
    expect(promptCharsOf(['a  \n\n b', ' '.repeat(5000)])).toBe(4);
  });
});

describe('judgeReply on replies without an answer', () => {
  it('leaves what the parser cannot read as it is', () => {
    expect(judge({}, { kind: 'error', category: 'parse' })).toBeNull();
    expect(judge({ finishReason: 'length' }, { kind: 'error', category: 'truncated' })).toBeNull();
  });

  it('tells a text that was held back from one that is empty', () => {
    const truncated: ReadReply = { kind: 'error', category: 'truncated' };
    expect(judge({ content: null, finishReason: 'content_filter' }, truncated)).toMatchObject({
      kind: 'narrative',
      category: 'content_filter',
    });
    expect(judge({ content: 'half', finishReason: 'content_filter' }, truncated)).toBeNull();
  });

  it('tells a refusal from an empty reply', () => {
    expect(judge({ content: null, refusal: 'No.' }, EMPTY)).toMatchObject({ category: 'refusal' });
  });

  it('tells an empty text from none, and from one that comes after thinking', () => {
    expect(judge({ content: '' }, EMPTY)).toMatchObject({
      category: 'context_overflow',
      rule: { maxRetries: 1 },
    });
    expect(judge({ content: null }, EMPTY)).toMatchObject({
      category: 'empty_content',
      rule: { maxRetries: 2 },
    });
    expect(judge({ content: '', reasoning: 'Hm.' }, EMPTY)).toMatchObject({ category: 'empty_content' });
    expect(judge({ content: '', promptTokens: null }, EMPTY)).toMatchObject({ category: 'empty_content' });
  });

  it('names a reply that ran away in blanks', () => {
    const truncated: ReadReply = { kind: 'error', category: 'truncated' };
    const content = `{"detected":${'\n'.repeat(300)}`;
    expect(judge({ content, finishReason: 'length' }, truncated)).toMatchObject({
      category: 'truncated',
      code: 'runaway',
    });
  });
});
