import { isRefusal } from '../../src/answer/is-refusal';
import { isTemplate } from '../../src/answer/is-template';

describe('isRefusal', () => {
  it.each([
    "I'm sorry, but I can't help with this request.",
    'I’m sorry, but I can’t assist with that.',
    'I cannot provide an analysis of violent content.',
    'As an AI, I am unable to comply.',
    'I will not\nanswer this.',
    'I must respectfully decline.',
    'I am not comfortable with this text.',
    'This goes against my content policy.',
  ])('takes %j for a refusal', (text) => {
    expect(isRefusal(text)).toBe(true);
  });

  it.each([
    'The narrative holds no information. Please provide the law enforcement report.',
    'It cannot be determined whether a partner was involved.',
    'She could not leave the house.',
    'The victim was in decline after his wife died.',
    'detected: true',
    `${'The ex threatened her. '.repeat(40)}She said "I can't help it".`,
  ])('takes %j for no refusal', (text) => {
    expect(isRefusal(text)).toBe(false);
  });
});

describe('isTemplate', () => {
  it.each([
    '{"detected": true/false, "confidence": 0.8}',
    '{"confidence": 0.0-1.0, "Detected" : true | false}',
    '{detected: <true or false>}',
    "{'detected': 'yes'/'no'}",
  ])('takes %j for a template', (text) => {
    expect(isTemplate(text, ['detected'])).toBe(true);
  });

  it.each([
    '{"detected": true}',
    '{"detected": true, "x": true/false}',
    '{"detected_x": true/false}',
    'true/false',
  ])('takes %j for no template', (text) => {
    expect(isTemplate(text, ['detected'])).toBe(false);
  });
});
