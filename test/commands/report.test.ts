import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/commands/program';
import type { ComparisonReport } from '../../src/metrics/comparison-report';
import type { ExperimentReport } from '../../src/metrics/experiment-report';
import { makeLabelledStudy, type LabelledStudy } from '../helpers/labelled-study';

let folder: string;
let study: LabelledStudy;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  study = makeLabelledStudy(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runProgram([...argv, '--db', 'study.db'], {
    environment: {},
    workingDirectory: folder,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { exitCode, ...written };
}

const read = (file: string): string => readFileSync(join(folder, file), 'utf8').replaceAll(/\s+/g, ' ');

it('report --json needs no --out and has the confusion counts of the labels', async () => {
  const { exitCode, stdout } = await run('report', study.first, '--json');
  const report = JSON.parse(stdout) as ExperimentReport;
  expect(exitCode).toBe(0);
  expect(report.labels.all).toMatchObject({
    true_positive: 42,
    false_positive: 14,
    false_negative: 6,
    true_negative: 338,
  });
  expect(report.experiment.status).toBe('completed_with_errors');
  expect(report.label_source).toEqual({ kind: 'results file' });
});

it('report without --out and without --json says what to add', async () => {
  const { exitCode, stderr } = await run('report', study.first);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--out FILE');
  expect(stderr).toContain('--json');
});

it('report writes a page for its owner only and says where', async () => {
  const { exitCode, stdout } = await run('report', study.first, '--out', 'pages/report.html');
  expect(exitCode).toBe(0);
  expect(stdout).toContain(join(folder, 'pages/report.html'));
  expect(statSync(join(folder, 'pages/report.html')).mode & 0o777).toBe(0o600);
});

it('report takes the latest experiment where none is named', async () => {
  const { stdout } = await run('report', '--json');
  expect((JSON.parse(stdout) as ExperimentReport).experiment.experiment_id).toBe(study.second);
});

it('report leaves narratives and rationales out unless asked', async () => {
  await run('report', study.first, '--out', 'without.html');
  await run('report', study.first, '--out', 'with.html', '--with-text');
  expect(read('without.html')).not.toContain('of a study that never was');
  expect(read('without.html')).not.toContain('it says so');
  expect(read('with.html')).toContain('of a study that never was');
  expect(read('with.html')).toContain('it says so');
  expect((await run('report', study.first, '--json')).stdout).not.toContain('of a study that never was');
});

it('report groups by columns of the data file, whatever their case', async () => {
  const { stdout } = await run('report', study.first, '--json', '--by', 'state');
  const { by_column: columns } = (JSON.parse(stdout) as ExperimentReport).detection;
  expect(columns.map(({ column }) => column)).toEqual(['State']);
  expect(columns[0]!.groups.map(({ value }) => value)).toEqual(['Maine', 'Ohio', 'Utah']);
});

it('report refuses a column that is not there, names those that are, and writes nothing', async () => {
  const { exitCode, stderr } = await run('report', study.first, '--out', 'none.html', '--by', 'County');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('State');
  expect(existsSync(join(folder, 'none.html'))).toBe(false);
});

it('report refuses labels that belong to no result', async () => {
  writeFileSync(join(folder, 'other.csv'), 'incident_id,narrative_type,label\n999,cme,1\n');
  const { exitCode, stderr } = await run('report', study.first, '--json', '--against', 'other.csv');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('none of its 1 labels');
});

it('report against a file does not change the labels of the results file', async () => {
  const [incident, type] = ['300000', 'cme'];
  writeFileSync(join(folder, 'one.csv'), `incident_id,narrative_type,label\n${incident},${type},1\n`);
  const before = (await run('report', study.first, '--json')).stdout;
  const one = JSON.parse(
    (await run('report', study.first, '--json', '--against', 'one.csv')).stdout,
  ) as ExperimentReport;
  expect(one.labels.all.n_scored).toBe(1);
  const labelsOf = (text: string): unknown => (JSON.parse(text) as ExperimentReport).labels;
  expect(labelsOf((await run('report', study.first, '--json')).stdout)).toEqual(labelsOf(before));
});

it('report never writes over the results', async () => {
  for (const file of ['study.db', 'study.db-wal']) {
    const { exitCode, stderr } = await run('report', study.first, '--out', file);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the results themselves are kept there');
  }
});

it('compare --html writes a page with the numbers of its --json, without prompts', async () => {
  const { exitCode, stdout } = await run(
    'compare',
    study.first,
    study.second,
    '--html',
    'compare.html',
    '--json',
  );
  expect(exitCode).toBe(0);
  const { statistics } = JSON.parse(stdout) as ComparisonReport;
  expect(statistics.answers.n).toBe(400);
  expect(statistics.labels).toMatchObject({ n: 400, only_first_right: 9, only_second_right: 7 });
  expect(statistics.n_flips).toBe(16);
  const page = read('compare.html');
  expect(page).toContain(`p = ${statistics.labels.mcnemar_p!.toFixed(4)}`);
  expect(page).toContain(statistics.labels.second.f1.ratio!.toFixed(3));
  for (const { incident_id: id } of statistics.flips) expect(page).toContain(`>${id}<`);
  expect(page).not.toContain('Look for indicators');
});

it('compare without --html prints no statistics that take long, and writes nothing', async () => {
  const { exitCode, stdout } = await run('compare', study.first, study.second);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('McNemar');
  expect(stdout).not.toContain('Page written');
});
