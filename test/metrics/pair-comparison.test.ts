import { comparePairs, type ComparedPair } from '../../src/metrics/pair-comparison';

const pairs = (count: number, first: 0 | 1, second: 0 | 1, label: 0 | 1 | null): ComparedPair[] =>
  Array.from({ length: count }, () => ({ first, second, label }));

it('counts who was right, over the same narratives for both', () => {
  const comparison = comparePairs([
    ...pairs(40, 1, 1, 1),
    ...pairs(9, 1, 0, 1),
    ...pairs(1, 0, 1, 1),
    ...pairs(50, 0, 0, 0),
    ...pairs(7, 1, 1, null),
  ]);
  expect(comparison).toMatchObject({
    nPairs: 107,
    bothDetected: 47,
    onlyFirstDetected: 9,
    onlySecondDetected: 1,
    neitherDetected: 50,
    nLabelled: 100,
    bothRight: 90,
    onlyFirstRight: 9,
    onlySecondRight: 1,
    neitherRight: 0,
  });
  expect(comparison.mcnemarP).toBeCloseTo(0.0215, 4);
  expect(comparison.first).toMatchObject({ nScored: 100, recall: 0.98, precision: 1 });
  expect(comparison.second).toMatchObject({ nScored: 100, recall: 0.82 });
});

it('says nothing where there is nothing in common, or no label', () => {
  expect(comparePairs([])).toMatchObject({ nPairs: 0, agreement: null, kappa: null, mcnemarP: null });
  expect(comparePairs(pairs(3, 1, 0, null))).toMatchObject({ agreement: 0, nLabelled: 0, mcnemarP: null });
});
