import { findEnd } from '../../src/answer/find-end';
import { findObjects } from '../../src/answer/find-objects';

describe('findObjects', () => {
  it.each([
    ['nothing in prose', 'No object [here] or (there).', []],
    ['nothing in prose with braces', 'A {smile}, a {b c,\nand {{ {{x}}', []],
    ['an object in prose', 'It isn\'t "odd": {"a": "}"} ok', [{ a: '}' }]],
    ['objects in order', '{"a": 1}\n{"a": 2}', [{ a: 1 }, { a: 2 }]],
    ['only the outer object', '{"a": {"b": [{}]}}', [{ a: { b: [{}] } }]],
    ['an empty object', 'so {} is', [{}]],
    ['the inner object of doubled braces', '{{"a": 1}}', [{ a: 1 }]],
    ['a list that begins with an object', 'see [1]: [ {"a": "]"}, 2]', [[{ a: ']' }, 2]]],
    ['the object in a list that begins otherwise', '["x", {"a": 1}]', [{ a: 1 }]],
    ['the body of a fence', 'x\n```json\n["a", {"b": 1}]\n```\n{"c": 2}', [['a', { b: 1 }], { c: 2 }]],
    ['a JSON string in a fence', '```\n"{\\"a\\": 1}"\n```', [{ a: 1 }]],
    ['an object among other words in a fence', '```\nHere: {"a": 1}\n```', [{ a: 1 }]],
    ['an object on the line of its fence', '```json {"a": 1} ```', [{ a: 1 }]],
    [
      'an object whose string holds a fence',
      'So: {"a": "```"}\n```\n{"b": 1}\n```',
      [{ a: '```' }, { b: 1 }],
    ],
  ])('finds %s', (_case, text, values) => {
    const found = findObjects(text);
    expect(found.map(({ value }) => value)).toEqual(values);
    expect(found.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it.each([
    ['single quotes', 'x {\'a\': {"b": 1}}', '{\'a\': {"b": 1}}'],
    ['smart quotes', '{“a”: 1}', '{“a”: 1}'],
    ['no quotes', '{a: {"b": 1}}', '{a: {"b": 1}}'],
    ['a comment first', '{ // a {"b": 1}\n"c": 1}', '{ // a {"b": 1}\n"c": 1}'],
    ['escaped quotes', '{\\"a\\": \\"}', '{\\"a\\": \\"}'],
    ['a fence inside', '{"a": "\n```\n{"b": 1}\n```\n"}', '{"a": "\n```\n{"b": 1}\n```\n"}'],
  ])('gives an object with %s as one that cannot be read', (_case, text, slice) => {
    expect(findObjects(text)).toEqual([{ text: slice, isClosed: true, value: undefined, after: '' }]);
  });

  it.each(['{"a": {"b": 1}', '{"a": "}', '{', '{ \n', '{a', '[{"a": 1}', '[', '{"a": "x\\"}'])(
    'gives %j as one that is never closed',
    (piece) => {
      expect(findObjects(`x {"z": 1} ${piece}`)).toEqual([
        { text: '{"z": 1}', isClosed: true, value: { z: 1 }, after: ' ' },
        { text: piece, isClosed: false, value: undefined, after: '' },
      ]);
    },
  );

  it('gives the text after each object', () => {
    const found = findObjects('x {"a": 1} y\n```json\n{"b": 1}\n```\nz');
    expect(found.map(({ after }) => after)).toEqual([' y\n```json\n', '```\nz']);
  });

  it('gives all after the thousandth object as one that cannot be read', () => {
    const found = findObjects('{"a":1}'.repeat(1003));
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toEqual({ text: '{"a":1}'.repeat(3), isClosed: true, value: undefined, after: '' });
  });
});

describe('findEnd', () => {
  it.each([
    ['{}', 0, 2],
    ['x{"a":"}"}y', 1, 10],
    ['{"a":"\\"}"}', 0, 11],
    ['{[}]', 0, 3],
    ['[{]}', 0, 3],
    ['{{}', 0, null],
    ['{"}', 0, null],
  ])('matches the bracket of %j at %i', (text, start, end) => {
    expect(findEnd(text, start)).toBe(end);
  });
});
