import { findEnd } from '../../src/answer/find-end';
import { findObjects, type FindOptions } from '../../src/answer/find-objects';

const STRICT: FindOptions = { isMeant: () => true, isRepairable: false };

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
    const found = findObjects(text, STRICT);
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
    expect(findObjects(text, STRICT)).toMatchObject([
      { text: slice, isClosed: true, value: undefined, loose: null, after: '' },
    ]);
  });

  it.each(['{"a": {"b": 1}', '{"a": "}', '{', '{ \n', '{a', '[{"a": 1}', '[', '{"a": "x\\"}'])(
    'gives %j as one that is never closed',
    (piece) => {
      expect(findObjects(`x {"z": 1} ${piece}`, STRICT)).toMatchObject([
        { text: '{"z": 1}', isClosed: true, value: { z: 1 }, after: ' ' },
        { text: piece, isClosed: false, value: undefined, after: '' },
      ]);
    },
  );

  it('gives the text after each object', () => {
    const found = findObjects('x {"a": 1} y\n```json\n{"b": 1}\n```\nz', STRICT);
    expect(found.map(({ after }) => after)).toEqual([' y\n```json\n', '```\nz']);
  });

  it('gives all after the thousandth object as one that cannot be read', () => {
    const found = findObjects('{"a":1}'.repeat(1003), STRICT);
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toMatchObject({
      text: '{"a":1}'.repeat(3),
      isClosed: true,
      value: undefined,
      after: '',
    });
  });

  it.each([
    ['an object in single quotes', `{'a': "}"} {"b": 1}`, [`{'a': "}"}`, '{"b": 1}']],
    ['one with quotes inside a string', '{"a": "x "y}" z"}', ['{"a": "x "y}" z"}']],
    ['one that nothing closes', `{'a': 1} {'b': '}`, [`{'a': 1}`, `{'b': '}`]],
  ])('follows %s where it may repair', (_case, text, slices) => {
    const found = findObjects(text, { isMeant: () => false, isRepairable: true });
    expect(found.map((each) => each.text)).toEqual(slices);
  });

  it('hides all after an object whose end is uncertain, if it is meant as an answer', () => {
    const text = '{"a": "x "y" z"} {"b": 1}';
    const find = (isMeant: boolean) => findObjects(text, { isMeant: () => isMeant, isRepairable: true });
    expect(find(true)).toHaveLength(1);
    expect(find(false)).toHaveLength(2);
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
