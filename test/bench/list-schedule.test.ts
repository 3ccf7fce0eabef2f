import { listScheduleMs } from './list-schedule';

test.each<[string, number[], number, number]>([
  ['nothing takes no time', [], 4, 0],
  ['one slot takes the sum', [3, 1, 2], 1, 6],
  ['more slots than calls take the longest', [3, 1, 2], 8, 3],
  ['a call goes to the slot that is free first', [4, 1, 1, 1, 4], 2, 7],
  ['the order is that of the list', [1, 1, 1, 1, 4], 2, 6],
])('%s', (_, timesMs, slots, expected) => {
  expect(listScheduleMs(timesMs, slots)).toBe(expected);
});
