import { readRateLimitResetMs, readRetryAfterMs } from '../../src/llm/read-retry-after';

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

describe('readRateLimitResetMs', () => {
  const reset = (of: string, remaining: string, value: string) => ({
    [`x-ratelimit-remaining${of}`]: remaining,
    [`x-ratelimit-reset${of}`]: value,
  });

  it.each([
    ['seconds with a unit', reset('-requests', '0', '1s'), 1000],
    ['minutes and seconds', reset('-tokens', '0', '6m1.5s'), 361_500],
    ['milliseconds', reset('-tokens', '0', '20ms'), 20],
    ['plain seconds', reset('', '0', '12'), 12_000],
    ['a Unix time in seconds', reset('', '0', String(NOW_MS / 1000 + 9)), 9000],
    ['a Unix time in milliseconds', reset('', '0', String(NOW_MS + 9)), 9],
    ['a date', reset('', '0', '2026-11-23T22:59:31Z'), 30_000],
    ['the limit that is used up', { ...reset('-requests', '5', '1h'), ...reset('-tokens', '0', '2s') }, 2000],
    ['the last of two used up', { ...reset('-requests', '0', '3s'), ...reset('-tokens', '0', '2s') }, 3000],
    [
      'the first where none is used up',
      { ...reset('-requests', '5', '3s'), ...reset('-tokens', '7', '2s') },
      2000,
    ],
    ['words', reset('', '0', 'soon'), null],
    ['nothing', {}, null],
  ])('reads %s', (_case, headers, expected) => {
    expect(readRateLimitResetMs(headers, NOW_MS)).toBe(expected);
  });
});
