import { stripThinking } from '../../src/answer/strip-thinking';

describe('stripThinking', () => {
  it.each([
    ['none', ' {} ', '{}', null],
    ['a block', '<think> Hm. </think>\n{}', '{}', 'Hm.'],
    ['a block without its opener', 'Hm {1} </think>{2}', '{2}', 'Hm {1}'],
    ['two blocks', '<think>A</think>{1}<think>B</think>{2}', '{2}', 'A</think>{1}B'],
    ['capitals', '<Thinking>Hm</THINKING>{}', '{}', 'Hm'],
    ['an empty block', '<think></think>{}', '{}', null],
    ['an open block', '<think>Hm {}', null, 'Hm {}'],
    ['an open block after the answer', '{}<think>Hm', null, 'Hm'],
    ['an open block after a closed one', '<think>A</think>{}<think>B', null, 'A B'],
    ['nothing after the block', '<think>Hm</think> ', '', 'Hm'],
  ])('splits a reply with %s', (_case, text, answer, thinking) => {
    expect(stripThinking(text)).toEqual({ answer, thinking });
  });
});
