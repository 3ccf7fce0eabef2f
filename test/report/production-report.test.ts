/** The report of a made-up study with the aggregates of a real one has exactly its numbers. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/commands/program';
import type { ExperimentReport } from '../../src/metrics/experiment-report';
import { makeProductionStudy, STUDY_FILES } from '../helpers/production-study';

let folder: string;
let report: ExperimentReport;
let page: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  makeProductionStudy(folder);
  const out: string[] = [];
  const command = [
    'report',
    '--db',
    STUDY_FILES.results,
    '--out',
    'report.html',
    '--against',
    STUDY_FILES.labels,
  ];
  const exitCode = await runProgram([...command, '--json'], {
    environment: {},
    workingDirectory: folder,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => out.push(text) },
  });
  expect(exitCode).toBe(0);
  report = JSON.parse(out.join('')) as ExperimentReport;
  page = readFileSync(join(folder, 'report.html'), 'utf8').replaceAll(/\s+/g, ' ');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const percent = (ratio: number | null | undefined, decimals = 2): string => (100 * ratio!).toFixed(decimals);

it('coverage: 35,312 narratives, two errors', () => {
  expect(report.coverage).toMatchObject({ n_narratives: 35_312, n_errors: 2, n_missing: 0 });
  expect(report.coverage.by_type).toMatchObject([
    { narrative_type: 'cme', n_narratives: 19_549 },
    { narrative_type: 'le', n_narratives: 15_763 },
  ]);
});

it('detection: 1,995 narratives or 5.65 %, by kind 5.57 % and 5.75 %', () => {
  expect(report.detection.all.part).toBe(1995);
  expect(percent(report.detection.all.ratio)).toBe('5.65');
  expect(
    report.detection.by_type.map(({ value, detected }) => [value, detected.part, percent(detected.ratio)]),
  ).toEqual([
    ['cme', 1088, '5.57'],
    ['le', 907, '5.75'],
  ]);
  expect(report.detection.by_column.map(({ column }) => column)).toEqual(['IncidentYear', 'SiteID']);
});

it('incidents: 1,682 of 19,985 or 8.42 % by the either rule', () => {
  expect(report.incidents.either).toMatchObject({ part: 1682, whole: 19_985 });
  expect(percent(report.incidents.either.ratio)).toBe('8.42');
});

it('agreement: 92.61 % of 15,325 incidents, kappa 0.317, positive agreement 0.356', () => {
  expect(report.incidents.agreement).toHaveLength(1);
  const [pair] = report.incidents.agreement;
  expect(pair).toMatchObject({
    n: 15_325,
    both_yes: 313,
    only_first: 562,
    only_second: 571,
    both_no: 13_879,
  });
  expect(percent(pair!.agreement.ratio)).toBe('92.61');
  expect(pair!.kappa!.toFixed(3)).toBe('0.317');
  expect(pair!.positive_agreement!.toFixed(3)).toBe('0.356');
});

it('quality: 1,952 placeholders, 160 brief, 8,948 standard, 24,252 detailed texts', () => {
  expect(
    report.texts.by_quality.map(({ quality, n, detected }) => [quality, n, percent(detected.ratio)]),
  ).toEqual([
    ['placeholder', 1952, '0.00'],
    ['brief', 160, '0.00'],
    ['standard', 8948, '1.94'],
    ['detailed', 24_252, '7.51'],
  ]);
});

it('confidence, tokens and time have their means', () => {
  expect(report.confidence.detected.mean).toBeCloseTo(0.865, 3);
  expect(report.confidence.not_detected.mean).toBeCloseTo(0.896, 3);
  expect(report.usage.prompt_tokens.mean).toBeCloseTo(995, 0);
  expect(report.usage.completion_tokens.mean).toBeCloseTo(258, 0);
  expect(report.usage.seconds.mean).toBeCloseTo(4.97, 2);
  expect(report.experiment.active_seconds / 3600).toBeCloseTo(48.8, 9);
});

it('labels of the file: 42 true and 14 false positives, 6 false and 338 true negatives', () => {
  const { all } = report.labels;
  expect(all).toMatchObject({ true_positive: 42, false_positive: 14, false_negative: 6, true_negative: 338 });
  expect(all.f1.ratio!.toFixed(3)).toBe('0.808');
  expect(all.recall.interval!.map((bound) => bound.toFixed(2))).toEqual(['0.75', '0.94']);
  expect(all.precision.interval!.map((bound) => bound.toFixed(2))).toEqual(['0.62', '0.84']);
  expect(report.label_source).toEqual({ kind: 'file', file: 'review.csv', n_entries: 400, n_used: 400 });
});

it('deviations: the pause with its length, the other endpoint', () => {
  expect(report.deviations.map(({ kind, lasted_seconds: lasted }) => [kind, lasted])).toEqual([
    ['paused', 91 * 60],
    ['endpoint_changed', null],
    ['resumed', null],
  ]);
});

it.each([
  '35,312',
  '5.65 %',
  '5.57 %',
  '5.75 %',
  '8.42 %',
  'κ 0.317',
  '92.61 %',
  '1,952',
  '24,252',
  '48.8 h',
  '0.808',
])('the page says %s', (number) => expect(page).toContain(number));

it('the page is one file below 5 MB without scripts, links to elsewhere or texts', () => {
  expect(statSync(join(folder, 'report.html')).size).toBeLessThan(5_000_000);
  expect(page).not.toMatch(/<script|<link(?! rel="icon" href="data:,")|<img|@import|url\(/);
  expect(page.match(/(?:src|href)="(?!#|data:,)[^"]*"/g)).toBeNull();
  expect(page).not.toContain('was last seen alive');
  expect(page).not.toContain('it says so');
});
