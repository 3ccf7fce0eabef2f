import { hasDuplicateKey } from '../../src/answer/has-duplicate-key';

describe('hasDuplicateKey', () => {
  it.each([
    ['{"a": 1, "a": 2}', true],
    ['{"a" : 1, "A " \n: 2}', true],
    ['{"a": 1, "\\u0061": 2}', true],
    ['{"a": {"b": 1, "b": 2}}', true],
    ['[{"result": {"a": 1, "a": 2}}]', true],
    ['{"a": {"x": 1}, "b": [], "a": 1}', true],
    ['{"a": {"b": 1}, "b": 1}', false],
    ['[{"a": 1}, {"a": 1}]', false],
    ['{"a": "b", "b": "a"}', false],
    ['{"a": "\\"a\\": 1, \\"a\\": 2"}', false],
    ['{"a": "{", "b": {"a": "}"}}', false],
    ['[[[{"a": 1, "a": 2}]]]', false],
    ['{}', false],
    ['1', false],
  ])('tells for %j: %s', (json, expected) => {
    expect(hasDuplicateKey(json)).toBe(expected);
  });
});
