import { cohensKappa } from '../../src/metrics/cohens-kappa';
import { mcnemarExact } from '../../src/metrics/mcnemar';
import { wilsonInterval } from '../../src/metrics/wilson-interval';

it.each([
  [42, 48, 0.75, 0.94],
  [42, 56, 0.62, 0.84],
  [0, 10, 0, 0.28],
  [10, 10, 0.72, 1],
])('the interval of %i in %i is %f to %f', (part, whole, low, high) => {
  const [from, to] = wilsonInterval(part, whole)!;
  expect(from).toBeCloseTo(low, 2);
  expect(to).toBeCloseTo(high, 2);
});

it('nothing has no interval', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});

it.each([
  [{ truePositive: 313, falsePositive: 562, falseNegative: 571, trueNegative: 13_879 }, 0.317],
  [{ truePositive: 5, falsePositive: 0, falseNegative: 0, trueNegative: 5 }, 1],
  [{ truePositive: 0, falsePositive: 5, falseNegative: 5, trueNegative: 0 }, -1],
])('kappa of %j is %f', (matrix, expected) => {
  expect(cohensKappa(matrix)).toBeCloseTo(expected, 3);
});

it('kappa says nothing where chance explains all, or nothing was judged', () => {
  expect(cohensKappa({ truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 9 })).toBeNull();
  expect(cohensKappa({ truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 })).toBeNull();
});

it.each([
  [0, 0, 1],
  [5, 5, 1],
  [0, 5, 0.0625],
  [1, 9, 0.021484375],
  [10, 25, 0.0167],
])('McNemar of %i against %i is %f, either way round', (a, b, p) => {
  expect(mcnemarExact(a, b)).toBeCloseTo(p, 4);
  expect(mcnemarExact(b, a)).toBeCloseTo(p, 4);
});

it('McNemar copes with large counts', () => {
  const p = mcnemarExact(5000, 5200);
  expect(p).toBeGreaterThan(0.04);
  expect(p).toBeLessThan(0.06);
});
