import { CallDeadline } from '../../src/llm/call-deadline';

const after = (times: readonly number[], learns = true): number => {
  const deadline = new CallDeadline(600_000, learns);
  for (const ms of times) deadline.note(ms);
  return deadline.currentMs;
};
const many = (ms: number, count: number): number[] => Array.from({ length: count }, () => ms);

it.each<[string, number[], boolean, number]>([
  ['is the longest before there is evidence', many(100, 49), true, 600_000],
  ['is a minute at least', many(100, 50), true, 60_000],
  ['is ten times the slowest of a hundred answers', [...many(5000, 98), 12_000, 30_000], true, 120_000],
  ['is never longer than the longest', many(90_000, 50), true, 600_000],
  ['forgets what is long ago', [...many(30_000, 50), ...many(7000, 500)], true, 70_000],
  ['stays as configured where it is configured', many(100, 200), false, 600_000],
])('the deadline of a call %s', (_what, times, learns, expectedMs) => {
  expect(after(times, learns)).toBe(expectedMs);
});
