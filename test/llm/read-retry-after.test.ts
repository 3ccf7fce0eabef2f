import { readRetryAfterMs } from '../../src/llm/read-retry-after';

const NOW_MS = Date.parse('2026-11-23T22:59:01Z');

describe('readRetryAfterMs', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['parts of a second', { 'retry-after': '0.5' }, 500],
    ['milliseconds before seconds', { 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 22:59:31 GMT' }, 30_000],
    ['a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 22:00:00 GMT' }, 0],
    ['the first of several', { 'retry-after': ['3', '9'] }, 3000],
    ['words', { 'retry-after': 'soon' }, null],
    ['nothing', {}, null],
  ])('reads %s', (_case, headers, expected) => {
    expect(readRetryAfterMs(headers, NOW_MS)).toBe(expected);
  });
});
