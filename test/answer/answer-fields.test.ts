import { readAnswerFields } from '../../src/answer/answer-fields';

const TRUE = { detected: true };
const FALSE = { detected: false };

function read(value: unknown) {
  const fields = readAnswerFields(value, ['detected', 'is_detected']);
  return typeof fields === 'string' ? fields : fields.detected;
}

describe('readAnswerFields', () => {
  it.each([
    ['an object', TRUE, true],
    ['an alias', { is_detected: 'no' }, false],
    ['a key in capitals with blanks', { ' DETECTED ': true }, true],
    ['two keys that agree', { detected: 1, Is_Detected: 'yes' }, true],
    ['two keys that disagree', { detected: true, Detected: false }, 'ambiguous'],
    ['a key that only begins alike', { detected_x: true }, 'none'],
    ['a decision that says neither', { detected: 'maybe' }, 'no_decision'],
    ['an own key before an envelope', { detected: true, result: FALSE }, true],
    ['a list of one', [FALSE], false],
    ['a list with other things', ['x', TRUE, { a: 1 }], true],
    ['a list that agrees', [TRUE, { detected: 'yes' }], true],
    ['a list that disagrees', [TRUE, FALSE], 'ambiguous'],
    ['a list in which one says neither', [TRUE, { detected: null }], 'ambiguous'],
    ['a list that says neither', [{ detected: null }], 'no_decision'],
    ['an empty list', [], 'none'],
    ['a list in a list', [[TRUE]], 'none'],
    ['a list in an envelope', { result: [TRUE] }, 'none'],
    ['two envelopes that disagree', { Answer: TRUE, 'final ': FALSE }, 'ambiguous'],
    ['an unknown envelope', { verdict: TRUE }, 'none'],
    ['null', null, 'none'],
    ['a number', 1, 'none'],
    ['a string', 'detected', 'none'],
    ['__proto__', JSON.parse('{"__proto__": {"detected": true}}'), 'none'],
  ])('reads %s', (_case, value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it.each(['result', 'answer', 'output', 'response', 'data', 'final'])('looks inside "%s"', (key) => {
    expect(read({ [key]: TRUE, other: FALSE })).toBe(true);
  });

  it('gives the object and what is around it', () => {
    const value = { Answer: TRUE, model: 'm' };
    expect(readAnswerFields(value, ['detected'])).toMatchObject({ answer: TRUE, outer: value });
    expect(readAnswerFields([TRUE], ['detected'])).toMatchObject({ answer: TRUE, outer: null });
  });

  it('gives the values by normalized key', () => {
    const fields = readAnswerFields({ Detected: true, ' Confidence': 0.5 }, ['detected']);
    expect(fields).toMatchObject({
      detected: true,
      values: new Map<string, unknown>([
        ['detected', true],
        ['confidence', 0.5],
      ]),
    });
  });
});
