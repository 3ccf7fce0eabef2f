/**
 * The statistics against independent programs and against published examples. fixtures/statistics.json was computed by
 * statsmodels, SciPy, scikit-learn and NumPy with fixtures/make-statistics.py; the versions stand in it.
 */
import { agreementOf } from '../../src/metrics/agreement';
import { CalibrationFigures } from '../../src/metrics/calibration';
import { clopperPearsonInterval } from '../../src/metrics/clopper-pearson-interval';
import { clusteredBootstrap, IncidentPatterns } from '../../src/metrics/clustered-bootstrap';
import { cohensKappa, cohensKappaInterval } from '../../src/metrics/cohens-kappa';
import { mcnemarExact } from '../../src/metrics/mcnemar';
import { quantile } from '../../src/metrics/quantile';
import { share } from '../../src/metrics/share';
import { ValueDistribution } from '../../src/metrics/value-distribution';
import { wilsonInterval, Z_95 } from '../../src/metrics/wilson-interval';
import fixtures from './fixtures/statistics.json';

/** Equal to 1e-9, absolutely and relatively. */
function expectSame(actual: number | null | undefined, expected: number): void {
  expect(typeof actual).toBe('number');
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.min(1, Math.abs(expected)) + 1e-15);
}

function matrixOf([bothYes, onlyFirst, onlySecond, bothNo]: number[]) {
  return {
    truePositive: bothYes!,
    falsePositive: onlyFirst!,
    falseNegative: onlySecond!,
    trueNegative: bothNo!,
  };
}

describe('computed by other programs', () => {
  it('the normal quantile is that of SciPy', () => expectSame(Z_95, fixtures.normal_quantile_0975));

  it.each(fixtures.kappa)('kappa of $counts has the value and interval of statsmodels', (row) => {
    expectSame(cohensKappa(matrixOf(row.counts)), row.kappa);
    const interval = cohensKappaInterval(matrixOf(row.counts))!;
    row.interval.forEach((bound, i) => expectSame(interval[i], Math.min(1, Math.max(-1, bound))));
  });

  it.each(fixtures.kappa)('agreement by class of $counts is that of scikit-learn', (row) => {
    const [both_yes, only_first, only_second, both_no] = row.counts as [number, number, number, number];
    const agreement = agreementOf({ both_yes, only_first, only_second, both_no });
    expectSame(agreement.positive_agreement, row.positive_agreement);
    expectSame(agreement.negative_agreement, row.negative_agreement);
    expectSame(agreement.pabak, (both_yes + both_no - only_first - only_second) / agreement.n);
  });

  it.each(fixtures.proportions)('intervals of $part in $whole are those of statsmodels and SciPy', (row) => {
    const [wilson, exact] = [wilsonInterval, clopperPearsonInterval].map((of) => of(row.part, row.whole)!);
    row.wilson.forEach((bound, i) => expectSame(wilson![i], bound));
    row.clopper_pearson.forEach((bound, i) => expectSame(exact![i], bound));
  });

  it.each(fixtures.mcnemar)(
    "McNemar's p of $only_first against $only_second is that of statsmodels",
    (row) => {
      expectSame(mcnemarExact(row.only_first, row.only_second), row.p);
      expectSame(mcnemarExact(row.only_second, row.only_first), row.p);
    },
  );

  it.each(fixtures.calibration)(
    'Brier score and calibration error of "$name" are those of scikit-learn',
    (row) => {
      const figures = new CalibrationFigures();
      row.confidences.forEach((confidence, i) => figures.add(confidence, row.right[i] === 1));
      const calibration = figures.summarize();
      expectSame(calibration.brier_score, row.brier_score);
      expectSame(calibration.expected_calibration_error, row.expected_calibration_error);
      expect(calibration.bins.reduce((sum, { n }) => sum + n, 0)).toBe(row.confidences.length);
    },
  );

  it.each(fixtures.distributions)('mean, deviation and quartiles of $values are those of NumPy', (row) => {
    const distribution = new ValueDistribution(0.01);
    for (const value of row.values) distribution.add(value);
    const { mean, standard_deviation, quartile_1, median, quartile_3 } = distribution.summarize();
    expectSame(mean, row.mean);
    if (row.standard_deviation === null) expect(standard_deviation).toBeNull();
    else expectSame(standard_deviation, row.standard_deviation);
    [quartile_1, median, quartile_3].forEach((value, i) => expectSame(value, row.quartiles[i]!));
    const ascending = [...row.values].sort((a, b) => a - b);
    expectSame(quantile(ascending, 0.25), row.quartiles[0]!);
  });

  it('the cluster bootstrap agrees with that of SciPy, which redraws incidents one by one', () => {
    const patterns = new IncidentPatterns();
    for (const { counts, n } of fixtures.cluster_bootstrap.patterns)
      for (let i = 0; i < n; i++) patterns.add(counts);
    const { recall } = clusteredBootstrap(
      patterns,
      { recall: ([hit, missed]) => hit! / (hit! + missed!) },
      { nRedrawn: 20_000 },
    );
    // Bounds of 100,000 and 20,000 redrawn samples differ by chance; their standard error here is about 0.0005.
    recall!.forEach((bound, i) =>
      expect(Math.abs(bound - fixtures.cluster_bootstrap.interval[i]!)).toBeLessThan(0.003),
    );
  });
});

describe('published examples', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: methods 3 (Wilson) and 5 (Clopper-Pearson).
  it.each([
    [81, 263, [0.2553, 0.3662], [0.2527, 0.3676]],
    [15, 148, [0.0624, 0.1605], [0.0578, 0.1617]],
    [0, 20, [0, 0.1611], [0, 0.1684]],
    [1, 29, [0.0061, 0.1718], [0.0009, 0.1776]],
  ])('intervals of %i in %i are those of Newcombe', (part, whole, wilson, exact) => {
    expect(wilsonInterval(part, whole)!.map((bound) => Number(bound.toFixed(4)))).toEqual(wilson);
    expect(clopperPearsonInterval(part, whole)!.map((bound) => Number(bound.toFixed(4)))).toEqual(exact);
  });

  // Feinstein and Cicchetti, Journal of Clinical Epidemiology 43 (1990) 543-549: equal agreement, unlike kappas.
  it.each([
    [{ both_yes: 40, only_first: 9, only_second: 6, both_no: 45 }, 0.7],
    [{ both_yes: 80, only_first: 10, only_second: 5, both_no: 5 }, 0.32],
  ])('kappa of %j is that of Feinstein and Cicchetti', (counts, kappa) => {
    expect(agreementOf(counts).agreement.ratio).toBe(0.85);
    expect(agreementOf(counts).kappa).toBeCloseTo(kappa, 2);
  });

  // Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13 (2013) 91: the exact conditional test.
  it.each([
    [1, 7, 0.07],
    [6, 16, 0.052],
  ])("McNemar's p of %i against %i is that of Fagerland and others", (a, b, p) => {
    expect(mcnemarExact(a, b)).toBeCloseTo(p, 3);
  });

  // Brier, Monthly Weather Review 78 (1950) 1-3: his score 0.19 sums over rain and no rain, and is twice ours.
  it('the score of ten rain forecasts is that of Brier', () => {
    const figures = new CalibrationFigures();
    const rain = [0, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    [0.7, 0.9, 0.8, 0.4, 0.2, 0, 0, 0, 0, 0.1].forEach((p, i) => figures.add(p, rain[i] === 1));
    expect(2 * figures.summarize().brier_score!).toBeCloseTo(0.19, 12);
  });
});

describe('where there is nothing to say', () => {
  it('every measure is null', () => {
    expect(share(0, 0)).toEqual({ part: 0, whole: 0, ratio: null, interval: null });
    expect(clopperPearsonInterval(0, 0)).toBeNull();
    expect(new CalibrationFigures().summarize()).toMatchObject({
      brier_score: null,
      expected_calibration_error: null,
    });
    expect(new ValueDistribution(1).summarize()).toMatchObject({ n: 0, mean: null, median: null });
    expect(agreementOf({ both_yes: 0, only_first: 0, only_second: 0, both_no: 0 })).toMatchObject({
      kappa: null,
      kappa_interval: null,
      pabak: null,
      positive_agreement: null,
      negative_agreement: null,
    });
    expect(clusteredBootstrap(new IncidentPatterns(), { sum: ([a]) => a! })).toEqual({ sum: null });
  });

  it('kappa is null where chance alone explains all', () => {
    expect(cohensKappa(matrixOf([0, 0, 0, 9]))).toBeNull();
    expect(cohensKappaInterval(matrixOf([0, 0, 0, 9]))).toBeNull();
  });

  it('agreement about a class that nobody named is null, not 1', () => {
    expect(agreementOf({ both_yes: 0, only_first: 0, only_second: 0, both_no: 9 })).toMatchObject({
      positive_agreement: null,
      negative_agreement: 1,
    });
  });
});

describe('clusteredBootstrap', () => {
  const ratio = ([part, rest]: readonly number[]): number | null =>
    part! + rest! === 0 ? null : part! / (part! + rest!);

  it('gives the same interval for the same incidents in another order', () => {
    const [forward, backward] = [new IncidentPatterns(), new IncidentPatterns()];
    const incidents = [...Array(60).keys()].map((i) => [i % 3 === 0 ? 1 : 0, i % 2]);
    for (const counts of incidents) forward.add(counts);
    for (const counts of incidents.reverse()) backward.add(counts);
    expect(clusteredBootstrap(forward, { ratio })).toEqual(clusteredBootstrap(backward, { ratio }));
  });

  it('is a point where all incidents are alike', () => {
    const patterns = new IncidentPatterns();
    for (let i = 0; i < 10; i++) patterns.add([1, 3]);
    expect(clusteredBootstrap(patterns, { ratio })).toEqual({ ratio: [0.25, 0.25] });
  });

  it('is wider where the narratives of an incident go together', () => {
    const [alone, together] = [new IncidentPatterns(), new IncidentPatterns()];
    for (let i = 0; i < 200; i++) alone.add(i % 2 === 0 ? [1, 0] : [0, 1]);
    for (let i = 0; i < 100; i++) together.add(i % 2 === 0 ? [2, 0] : [0, 2]);
    const width = (patterns: IncidentPatterns): number => {
      const [low, high] = clusteredBootstrap(patterns, { ratio }).ratio!;
      return high - low;
    };
    expect(width(together)).toBeGreaterThan(1.2 * width(alone));
  });

  it('draws three incidents with the chances that can be counted out', () => {
    const patterns = new IncidentPatterns();
    for (const count of [0, 1, 2]) patterns.add([count]);
    // Of the 27 equally likely draws one sums to 0 (3.7 %) and one to 6, so both ends are within the interval.
    expect(clusteredBootstrap(patterns, { sum: ([sum]) => sum! })).toEqual({ sum: [0, 6] });
  });
});
