import { TokenEstimate } from '../../src/llm/token-estimate';

it('takes a quarter of the characters and a short reply, before any reply has come', () => {
  expect(new TokenEstimate(8192).of(4000)).toBe(1300);
  expect(new TokenEstimate(50).of(4000)).toBe(1050);
});

it('learns at once that replies are longer, and slowly that they are shorter', () => {
  const estimate = new TokenEstimate(8192);
  estimate.learn(0, null, 2000);
  expect(estimate.of(0)).toBe(2000);
  estimate.learn(0, null, 100);
  expect(estimate.of(0)).toBe(1905);
  for (let reply = 0; reply < 200; reply += 1) estimate.learn(0, null, 100);
  expect(estimate.of(0)).toBeLessThan(110);
});

it('expects no more than the longest reply that is allowed', () => {
  const estimate = new TokenEstimate(500);
  estimate.learn(0, null, 9000);
  expect(estimate.of(0)).toBe(500);
});

it('learns how many tokens the characters of a prompt are', () => {
  const estimate = new TokenEstimate(1);
  for (let reply = 0; reply < 100; reply += 1) estimate.learn(1000, 500, 1);
  expect(estimate.of(1000)).toBeGreaterThan(495);
  estimate.learn(1000, null, null);
  expect(estimate.of(1000)).toBeLessThanOrEqual(502);
});
