import { ExperimentFigures, type FiguresReport } from '../../src/metrics/experiment-figures';
import { MOST_DISAGREEMENTS } from '../../src/metrics/label-figures';
import type { ReportRow } from '../../src/metrics/report-row';

let nextId = 1;
function row(
  incident: string,
  type: string,
  detected: 0 | 1 | null,
  more: Partial<ReportRow> = {},
): ReportRow {
  return {
    narrative_id: nextId++,
    incident_id: incident,
    narrative_type: type,
    text: 'V was found at home by a neighbour.',
    attributes: null,
    detected,
    confidence: 0.9,
    label: null,
    incident_label: null,
    error_category: detected === null ? 'parse' : null,
    response_sec: 2,
    prompt_tokens: 100,
    completion_tokens: 20,
    processed_at: '2026-01-01T00:00:30.000Z',
    ...more,
  };
}

function summarize(rows: readonly ReportRow[], columns: readonly string[] | null = null): FiguresReport {
  const figures = new ExperimentFigures(columns);
  for (const one of rows) figures.add(one);
  const types = [...new Set(rows.map(({ narrative_type: type }) => type))].sort();
  const listed = types.map((type) => ({
    narrative_type: type,
    n: rows.filter(({ narrative_type }) => narrative_type === type).length,
  }));
  return figures.summarize(listed);
}

it('errors are in no ratio, and missing narratives are counted', () => {
  const figures = new ExperimentFigures(null);
  for (const one of [row('1', 'cme', 1), row('1', 'le', null), row('2', 'cme', 0)]) figures.add(one);
  const { coverage, detection, incidents } = figures.summarize([
    { narrative_type: 'cme', n: 3 },
    { narrative_type: 'le', n: 1 },
  ]);
  expect(coverage).toMatchObject({
    n_narratives: 4,
    n_errors: 1,
    n_missing: 1,
    answered: { part: 2, whole: 4 },
  });
  expect(coverage.errors).toEqual([{ incident_id: '1', narrative_type: 'le', error_category: 'parse' }]);
  expect(detection.all).toMatchObject({ part: 1, whole: 2, ratio: 0.5 });
  expect(incidents).toMatchObject({ n: 2, n_partly_answered: 1, agreement: [] });
});

it('an incident is detected if any of its narratives is, and pairs agree or not', () => {
  const { incidents } = summarize([
    row('1', 'cme', 1),
    row('1', 'le', 0),
    row('2', 'cme', 0),
    row('2', 'le', 0),
    row('3', 'le', 1),
    row('4', 'cme', 0),
    row('4', 'le', 1),
  ]);
  expect(incidents.either).toMatchObject({ part: 3, whole: 4 });
  expect(incidents.agreement).toHaveLength(1);
  expect(incidents.agreement[0]).toMatchObject({
    first: 'cme',
    second: 'le',
    n: 3,
    both_yes: 0,
    only_first: 1,
    only_second: 1,
    both_no: 1,
  });
});

it('three kinds of narratives make three pairs', () => {
  const { incidents } = summarize([row('1', 'cme', 1), row('1', 'le', 0), row('1', 'ems', 1)]);
  expect(incidents.agreement.map(({ first, second }) => `${first} ${second}`).sort()).toEqual([
    'cme ems',
    'cme le',
    'le ems',
  ]);
});

describe('columns', () => {
  const at = (incident: string, detected: 0 | 1, attributes: object | null): ReportRow =>
    row(incident, 'cme', detected, { attributes: attributes === null ? null : JSON.stringify(attributes) });

  it('year and site are grouped by without being asked for', () => {
    const { detection } = summarize([
      at('1', 1, { IncidentYear: 2017, SiteID: '12', Notes: 'x' }),
      at('2', 0, { IncidentYear: '2017', SiteID: '3', Notes: 'y' }),
    ]);
    expect(detection.by_column.map(({ column }) => column)).toEqual(['IncidentYear', 'SiteID']);
    expect(detection.by_column[0]!.groups).toMatchObject([
      { value: '2017', detected: { part: 1, whole: 2 } },
    ]);
    expect(detection.by_column[1]!.groups.map(({ value }) => value)).toEqual(['3', '12']);
  });

  it('rows without a value are a group of their own, also before the column is first seen', () => {
    const { detection } = summarize(
      [at('1', 1, null), at('2', 0, { Region: 'north' }), at('3', 0, { Region: ' ' })],
      ['region'],
    );
    expect(detection.by_column[0]!.groups).toMatchObject([
      { value: '(none)', detected: { part: 1, whole: 2 } },
      { value: 'north', detected: { part: 0, whole: 1 } },
    ]);
  });

  it('a column of too many values is left out by name', () => {
    const rows = Array.from({ length: 201 }, (_, index) => at(String(index), 0, { Year: index }));
    expect(summarize(rows).detection).toMatchObject({ by_column: [], columns_left_out: ['Year'] });
  });
});

describe('labels', () => {
  it('an incident has the label that the data gives it, else that of its narratives where all have one', () => {
    const { labels } = summarize([
      row('1', 'cme', 0, { label: 1 }),
      row('1', 'le', 1, { label: 0 }),
      row('2', 'cme', 1, { label: 1 }),
      row('2', 'le', 1),
      row('3', 'cme', 1, { incident_label: 0 }),
    ]);
    expect(labels.all).toMatchObject({
      true_positive: 1,
      false_positive: 1,
      false_negative: 1,
      true_negative: 0,
    });
    expect(labels.incidents).toMatchObject({ n_scored: 2, true_positive: 1, false_positive: 1 });
    expect(labels.disagreements.map(({ kind }) => kind)).toEqual(['false_negative', 'false_positive']);
  });

  it('the surest disagreements are kept and all are counted', () => {
    const rows = Array.from({ length: 1000 }, (_, index) =>
      row(String(index), 'cme', 1, { label: 0, confidence: index / 1000 }),
    );
    const { labels } = summarize(rows);
    expect(labels.n_disagreements).toBe(1000);
    expect(labels.disagreements).toHaveLength(MOST_DISAGREEMENTS);
    expect(labels.disagreements[0]!.confidence).toBe(0.999);
    expect(labels.disagreements.at(-1)!.confidence).toBe(0.7);
  });

  it('without labels every ratio is null', () => {
    const { labels } = summarize([row('1', 'cme', 1)]);
    expect(labels.all).toMatchObject({
      n_scored: 0,
      f1: { ratio: null, incident_interval: null },
      kappa: null,
    });
    expect(labels.all.precision).toMatchObject({ ratio: null, interval: null, exact_interval: null });
    expect(labels.calibration.n).toBe(0);
  });
});

it('activity is counted in steps that leave at most 72, and empty ones stay', () => {
  const at = (processed_at: string): ReportRow => row(processed_at, 'cme', 0, { processed_at });
  const { usage } = summarize([at('2026-01-01T00:10:00.000Z'), at('2026-01-03T00:10:00.000Z')]);
  expect(usage.activity).toHaveLength(49);
  expect(usage.activity[0]).toEqual({
    from: '2026-01-01T00:00:00.000Z',
    minutes: 60,
    n_answers: 1,
    n_errors: 0,
  });
  expect(usage.activity[1]!.n_answers).toBe(0);
  const year = summarize([at('2026-01-01T00:10:00.000Z'), at('2026-12-31T00:10:00.000Z')]).usage.activity;
  expect(year.length).toBeLessThanOrEqual(72);
  expect(year.reduce((sum, { n_answers }) => sum + n_answers, 0)).toBe(2);
});

it('histograms hold every value and have round edges', () => {
  const seconds = [0.51, 0.52, 3.3, 4.97, 4.97, 60];
  const { usage, confidence } = summarize(
    seconds.map((response_sec, index) =>
      row(String(index), 'cme', 0, { response_sec, confidence: index / 5 }),
    ),
  );
  expect(usage.seconds.histogram.reduce((sum, { n }) => sum + n, 0)).toBe(6);
  expect(usage.prompt_tokens.histogram).toEqual([{ low: 100, high: 101, n: 6 }]);
  expect(confidence.all.histogram.filter(({ n }) => n > 0).map(({ low }) => Number(low.toFixed(2)))).toEqual([
    0, 0.2, 0.4, 0.6, 0.8, 0.95,
  ]);
  expect(confidence.all.max).toBe(1);
});
