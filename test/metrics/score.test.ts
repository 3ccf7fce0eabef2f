import { score } from '../../src/metrics/score';

describe('score', () => {
  it.each([
    [{ truePositive: 42, falsePositive: 14, falseNegative: 6, trueNegative: 338 }, 0.75, 0.875, 0.808, 0.95],
    [
      { truePositive: 35, falsePositive: 11, falseNegative: 13, trueNegative: 345 },
      0.761,
      0.729,
      0.745,
      0.941,
    ],
    [{ truePositive: 0, falsePositive: 3, falseNegative: 2, trueNegative: 5 }, 0, 0, 0, 0.5],
  ])('gives precision, recall, F1 and accuracy of %j', (matrix, precision, recall, f1, accuracy) => {
    const scores = score(matrix);
    expect(scores.precision).toBeCloseTo(precision, 3);
    expect(scores.recall).toBeCloseTo(recall, 3);
    expect(scores.f1).toBeCloseTo(f1, 3);
    expect(scores.accuracy).toBeCloseTo(accuracy, 3);
  });

  it('says nothing where there are no labels', () => {
    expect(score({ truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 })).toEqual({
      nScored: 0,
      accuracy: null,
      precision: null,
      recall: null,
      f1: null,
    });
  });
});
