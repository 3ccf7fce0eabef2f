import { formatWordDiff } from '../../src/config/word-diff';

it.each([
  ['one two three', 'one 2 three', 'one [-two-]{+2+} three'],
  ['same', 'same', ''],
  ['', 'new words', '{+new words+}'],
  ['line one\nline two', 'line one\nline 2', 'line one\nline [-two-]{+2+}'],
  ['a \u001b b', 'a \u001b c', 'a ? [-b-]{+c+}'],
])('%j and %j are shown as %j', (before, after, expected) => {
  expect(formatWordDiff(before, after)).toBe(expected);
});

it('long unchanged stretches are shortened, and every change stays in sight', () => {
  const middle = 'word '.repeat(500);
  const diff = formatWordDiff(`begin ${middle}end`, `start ${middle}stop`);
  expect(diff).toMatch(/^\[-begin-\]\{\+start\+\} word .*….* word \[-end-\]\{\+stop\+\}$/);
  expect(diff.length).toBeLessThan(200);
});
