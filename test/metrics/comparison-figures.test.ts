import { ComparisonFigures, MOST_FLIPS, type PairRow } from '../../src/metrics/comparison-figures';

function pair(incident: number, first: 0 | 1, second: 0 | 1, label: 0 | 1 | null = null): PairRow {
  return {
    incident_id: String(incident),
    narrative_type: 'cme',
    first,
    second,
    label,
    first_confidence: 0.8,
    second_confidence: null,
  };
}

function compare(pairs: readonly PairRow[]) {
  const figures = new ComparisonFigures();
  for (const one of pairs) figures.add(one);
  return figures.summarize();
}

it('differences are those of the ratios, with an interval around them', () => {
  const pairs = Array.from({ length: 200 }, (_, index) =>
    pair(Math.floor(index / 2), index % 4 === 0 ? 1 : 0, index % 3 === 0 ? 1 : 0, index % 5 === 0 ? 1 : 0),
  );
  const { detected, labels } = compare(pairs);
  expect(detected.difference.difference).toBeCloseTo(67 / 200 - 50 / 200, 12);
  const [low, high] = detected.difference.incident_interval!;
  expect(low).toBeLessThan(detected.difference.difference!);
  expect(high).toBeGreaterThan(detected.difference.difference!);
  for (const name of ['precision', 'recall', 'specificity', 'accuracy', 'f1'] as const) {
    const difference = labels.second[name].ratio! - labels.first[name].ratio!;
    expect(labels.differences[name].difference).toBeCloseTo(difference, 12);
  }
  expect(labels.both_right + labels.only_first_right + labels.only_second_right + labels.neither_right).toBe(
    200,
  );
});

it('an experiment against itself differs by nothing', () => {
  const pairs = Array.from({ length: 50 }, (_, index) => {
    const answer = index % 3 === 0 ? 1 : 0;
    return pair(index, answer, answer, index % 2 === 0 ? 1 : 0);
  });
  const { answers, detected, labels, n_flips } = compare(pairs);
  expect(answers.kappa).toBe(1);
  expect(detected).toMatchObject({ difference: { difference: 0, incident_interval: [0, 0] }, mcnemar_p: 1 });
  expect(labels.differences.f1).toEqual({ difference: 0, incident_interval: [0, 0] });
  expect(n_flips).toBe(0);
});

it('flips are counted in full and listed up to a bound', () => {
  const { n_flips, flips } = compare(Array.from({ length: 700 }, (_, index) => pair(index, 0, 1)));
  expect(n_flips).toBe(700);
  expect(flips).toHaveLength(MOST_FLIPS);
});

it('nothing in common says nothing', () => {
  expect(compare([])).toMatchObject({
    answers: { n: 0, kappa: null },
    detected: { difference: { difference: null, incident_interval: null }, mcnemar_p: null },
    labels: { n: 0, mcnemar_p: null },
    flips: [],
  });
});
