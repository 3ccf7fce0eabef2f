import { isInsideOfJsonString, toJsonString } from '../../src/answer/json-string';
import { scanLoosely } from '../../src/answer/scan-loosely';

/** Values by key, in order. */
function membersOf(text: string): [string, string | null][] | string {
  const scan = scanLoosely(text);
  return typeof scan === 'string' ? scan : scan.members.map(({ key, value }) => [key, value]);
}

describe('scanLoosely', () => {
  it.each<[string, string, [string, string | null][]]>([
    ['single quotes', "{'a': 'b'}", [['a', 'b']]],
    ['smart quotes', '{“a”: “b”}', [['a', 'b']]],
    [
      'no quotes around keys',
      '{a: 1, b_c: x y}',
      [
        ['a', '1'],
        ['b_c', 'x y'],
      ],
    ],
    [
      'comments',
      '{/* x: 1, */ "a": 1, // "b": 2\n"c": 3}',
      [
        ['a', '1'],
        ['c', '3'],
      ],
    ],
    [
      'additional commas',
      '{"a": [1,], "b": 2,}',
      [
        ['a', null],
        ['b', '2'],
      ],
    ],
    [
      'a missing comma',
      '{"a": 1 "b": "x"\n"c": 2}',
      [
        ['a', '1'],
        ['b', 'x'],
        ['c', '2'],
      ],
    ],
    [
      'quotes in a string',
      '{"a": "x "y", z", "b": 1}',
      [
        ['a', 'x "y", z'],
        ['b', '1'],
      ],
    ],
    ['quotes in a list', '{"a": ["x "y" z", 2]}', [['a', null]]],
    [
      'apostrophes',
      "{'a': 'it's', 'b': 1}",
      [
        ['a', "it's"],
        ['b', '1'],
      ],
    ],
    ['escapes', '{"a": "\\"\\u0041\\\'\\d"}', [['a', '"A\'\\d']]],
    [
      'a confidence with a comma',
      '{"confidence": 0,9, "a": 1}',
      [
        ['confidence', '0,9'],
        ['a', '1'],
      ],
    ],
    ['a confidence in words', '{"confidence": 0. nine}', [['confidence', '0. nine']]],
    [
      'keys of inner objects',
      '{"a": {"b": 1}, "c": 2}',
      [
        ['a', null],
        ['b', '1'],
        ['c', '2'],
      ],
    ],
  ])('follows %s', (_case, text, members) => {
    expect(membersOf(text)).toEqual(members);
  });

  it.each([
    ['a list that is not closed before the next key', '{"a": ["x", "b": "y"}', 'unclosed'],
    ['a key without a colon', '{"a" 1}', 'failed'],
    ['a key that holds quotes', '{"a" b": 1}', 'failed'],
    ['two values', '{"a": {} 1}', 'failed'],
    ['a comma too many', '{"a": 1,, "b": 2}', 'failed'],
    ['a decimal comma elsewhere', '{"a": 0,9}', 'failed'],
    ['two commas in a confidence', '{"confidence": 0,9,5}', 'failed'],
    ['a missing comma in a list', '{"a": [1 "x"]}', 'failed'],
    ['65 levels', '[{"a":'.repeat(33), 'failed'],
    ['an end that is missing', '{"a": {"b": 1}', 'unclosed'],
    ['a string that is cut', '{"a": "x, "b": 1', 'unclosed'],
    ['a comment that is cut', '{"a": 1, /* "b": 2}', 'failed'],
  ])('does not follow %s', (_case, text, outcome) => {
    expect(membersOf(text)).toBe(outcome);
  });

  it('tells which strings might end elsewhere', () => {
    expect(scanLoosely('{"a": "b", "c": "d "e" f"}')).toMatchObject({ unclear: [{ start: 16, end: 25 }] });
    expect(scanLoosely('{\'a\': "b", }')).toMatchObject({ unclear: [], end: 12 });
  });
});

describe('toJsonString', () => {
  it.each([
    ['as it is', '"as it is"'],
    ['a "b" c', '"a \\"b\\" c"'],
    ['\\"\\n\\u00e9', '"\\"\\n\\u00e9"'],
    ["it\\'s", '"it\'s"'],
    ['C:\\dir', '"C:\\\\dir"'],
    ['\\u12', '"\\\\u12"'],
    ['a\n\u0001', '"a\\n\\u0001"'],
    ['\\', '"\\\\"'],
  ])('writes %j as %s', (inside, json) => {
    expect(toJsonString(inside)).toBe(json);
    expect(() => JSON.parse(json) as unknown).not.toThrow();
  });

  it.each([
    ['a', true],
    ['\\n', true],
    ['\\T', false],
    ['\n', false],
  ])('tells for %j whether it is JSON as it is: %s', (inside, expected) => {
    expect(isInsideOfJsonString(inside)).toBe(expected);
  });
});
