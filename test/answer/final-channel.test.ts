import { takeFinalChannel } from '../../src/answer/final-channel';

describe('takeFinalChannel', () => {
  it.each([
    ['no channel', 'analysis of the text: {}', 'analysis of the text: {}', null],
    ['the word analyst', 'Analysts agree.', 'Analysts agree.', null],
    ['a final channel', '<|channel|>final<|message|> {} <|return|>', '{}', null],
    ['a constraint', '<|channel|>final <|constrain|>JSON<|message|>{}<|end|>', '{}', null],
    ['a constraint without its marker', '<|channel|>final json<|message|>{}', '{}', null],
    ['no message marker', '<|channel|>final{"a":"<|message|>"}', '{"a":"<|message|>"}', null],
    ['text after the message', '<|channel|>final<|message|>{}<|start|>assistant', '{}', null],
    ['two final channels', '<|channel|>final<|message|>1<|end|><|channel|>final<|message|>2', '2', null],
    [
      'analysis and final',
      '<|channel|>analysis<|message|> Hm. <|end|><|start|>assistant<|channel|>final<|message|>{}',
      '{}',
      'Hm.',
    ],
    ['analysis only', '<|channel|>analysis<|message|>Hm {}', null, 'Hm {}'],
    ['analysis twice', '<|channel|>analysis<|message|>A<|end|><|channel|>analysis<|message|>B', null, 'A B'],
    ['another channel only', '<|channel|>commentary<|message|>{}', null, null],
    ['a cut final marker', '<|channel|>analysis<|message|>Hm<|end|><|channel|>fin', null, 'Hm'],
    ['a lost first marker', 'analysis<|message|>{}', null, null],
    ['stripped markers', 'analysisWe see {1}.assistantfinal {2}', '{2}', 'We see {1}.'],
    ['stripped markers and two finals', 'analysisHmassistantfinal1assistantfinal2', '2', 'Hmassistantfinal1'],
    ['stripped markers without a final', 'analysisWe see {}', null, 'We see {}'],
    ['a stripped final alone', 'assistantfinal{}', '{}', null],
  ])('splits a reply with %s', (_case, text, answer, thinking) => {
    expect(takeFinalChannel(text)).toEqual({ answer, thinking });
  });
});
