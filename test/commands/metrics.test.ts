/** Metrics over what can be scored, and labels that come after the answers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentMetrics } from '../../src/commands/experiment-metrics';
import { acquireOwnerLock } from '../../src/temporal/owner-lock';
import { inFolder, query, runClient, writeStudy } from '../helpers/client-process';
import { answered, failed, finish, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

jest.setTimeout(60_000);

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';
const DB = ['--db', 'study.db'];

interface Cells {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** A finished study whose answers meet its labels as given, with some rows beyond that cannot be scored. */
function finishedStudy(
  folder: string,
  { tp, fp, fn, tn }: Cells,
  { errors = 0, unlabelled = 0 } = {},
): string {
  const cells: [number, string, boolean | null][] = [
    [tp, '1', true],
    [fp, '0', true],
    [fn, '1', false],
    [tn, '0', false],
    [errors, '1', null],
    [unlabelled, '', true],
  ];
  const rows = cells.flatMap(([count, label, detected]) =>
    Array.from({ length: count }, () => ({ label, detected })),
  );
  writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 1 });
  writeFileSync(
    join(folder, 'data.csv'),
    [
      'incident_id,narrative_type,narrative_text,manual_flag_ind',
      ...rows.map(({ label }, index) => `${index},${index % 2 === 0 ? 'cme' : 'le'},Text ${index}.,${label}`),
    ].join('\n'),
  );
  return withStore(folder, (store) => {
    const { experimentId } = startStored(store, folder).decision;
    saveOutcomes(
      store,
      experimentId,
      rows.map(({ detected }) => (detected === null ? failed() : answered(detected))),
    );
    finish(store, experimentId);
    return experimentId;
  });
}

const metricsOf = async (folder: string): Promise<ExperimentMetrics> => {
  const { stdout } = await runClient(['show', '--json', ...DB], { cwd: folder });
  return (JSON.parse(stdout) as { metrics: ExperimentMetrics }).metrics;
};

describe.each([
  [{ tp: 42, fp: 14, fn: 6, tn: 338 }, ['0.750', '0.875', '0.808', '0.950'], [0.75, 0.94], [0.62, 0.84]],
  [{ tp: 35, fp: 11, fn: 13, tn: 345 }, ['0.761', '0.729', '0.745', '0.941'], [0.59, 0.83], [0.62, 0.86]],
])('counts of %j', (cells, [precision, recall, f1, accuracy], recallInterval, precisionInterval) => {
  it('are printed as they must be, over the rows that have answer and label', async () => {
    await inFolder(async (folder) => {
      const id = finishedStudy(folder, cells, { errors: 3, unlabelled: 5 });
      const status = await runClient(['status', ...DB], { cwd: folder });
      const nScored = cells.tp + cells.fp + cells.fn + cells.tn;
      expect(status.stdout).toContain(
        `precision ${precision}, recall ${recall}, F1 ${f1}, accuracy ${accuracy} ` +
          `(over ${nScored} of ${nScored + 5} answers, which have a label)`,
      );
      expect(status.stdout).toMatch(/^ {2}cme {2,}precision .*\n {2}le {2,}precision /m);

      const metrics = await metricsOf(folder);
      expect(metrics).toMatchObject({
        n_rows: nScored + 8,
        n_errors: 3,
        n_scored: nScored,
        true_positive: cells.tp,
        false_positive: cells.fp,
        false_negative: cells.fn,
        true_negative: cells.tn,
      });
      expect(metrics.recall_interval!.map((end) => Math.round(end * 100) / 100)).toEqual(recallInterval);
      expect(metrics.precision_interval!.map((end) => Math.round(end * 100) / 100)).toEqual(
        precisionInterval,
      );
      expect(metrics.by_type.map((kind) => kind.narrative_type)).toEqual(['cme', 'le']);
      expect(metrics.by_type[0]!.n_scored + metrics.by_type[1]!.n_scored).toBe(nScored);

      const [row] = query<Record<string, number>>(
        join(folder, 'study.db'),
        'SELECT round(precision_ipv, 3) AS p, round(recall_ipv, 3) AS r, round(f1_ipv, 3) AS f, round(accuracy, 3) AS a, round(pct_overlap_with_manual, 1) AS o, n_positive_manual, n_negative_manual FROM experiments',
      );
      expect(row).toEqual({
        p: Number(precision),
        r: Number(recall),
        f: Number(f1),
        a: Number(accuracy),
        o: Math.round((1000 * (cells.tp + cells.tn)) / nScored) / 10,
        n_positive_manual: cells.tp + cells.fn,
        n_negative_manual: cells.fp + cells.tn,
      });
      expect(id).toMatch(/^crash-study-/);
    });
  });
});

it('without labels everything is n/a and NULL, and nothing is 0', async () => {
  await inFolder(async (folder) => {
    finishedStudy(folder, { tp: 0, fp: 0, fn: 0, tn: 0 }, { unlabelled: 4 });
    const status = await runClient(['status', ...DB], { cwd: folder });
    expect(status.stdout).toContain('against labels n/a (none of 4 answers has a label)');
    const shown = await runClient(['show', ...DB], { cwd: folder });
    expect(shown.stdout).toMatch(/CONFUSION MATRIX\n {2}n\/a/);
    expect(
      query(
        join(folder, 'study.db'),
        'SELECT accuracy, precision_ipv, f1_ipv, n_true_positive FROM experiments',
      ),
    ).toEqual([{ accuracy: null, precision_ipv: null, f1_ipv: null, n_true_positive: null }]);
    expect(await metricsOf(folder)).toMatchObject({ accuracy: null, f1: null, coverage: 0, kappa: null });
  });
});

it('where labels exist and nothing was right, F1 is 0', async () => {
  await inFolder(async (folder) => {
    finishedStudy(folder, { tp: 0, fp: 2, fn: 3, tn: 1 });
    expect(await metricsOf(folder)).toMatchObject({ precision: 0, recall: 0, f1: 0 });
  });
});

describe('show', () => {
  it('prints the sections, and the prompts only when asked', async () => {
    await inFolder(async (folder) => {
      finishedStudy(folder, { tp: 1, fp: 1, fn: 1, tn: 1 });
      const { stdout } = await runClient(['show', ...DB], { cwd: folder });
      for (const heading of [
        'DETAILS',
        'MODEL CONFIGURATION',
        'PROMPTS',
        'DATA & PROCESSING',
        'TIMING',
        'RESULTS',
        'METRICS',
        'CONFUSION MATRIX',
        'OUTPUT FILES',
        'SYSTEM INFO',
        'NOTES',
      ])
        expect(stdout.split('\n')).toContain(heading);
      expect(stdout).not.toContain('Answer with a JSON object');
      expect((await runClient(['show', '--json', ...DB], { cwd: folder })).stdout).not.toContain(
        'Answer with',
      );
      expect((await runClient(['show', '--prompts', ...DB], { cwd: folder })).stdout).toContain(
        'Answer with a JSON object',
      );
    });
  });
});

describe('labels import', () => {
  it('sets late labels, refreshes flags and metrics, and reports what it could not use', async () => {
    await inFolder(async (folder) => {
      const id = finishedStudy(folder, { tp: 0, fp: 0, fn: 0, tn: 0 }, { unlabelled: 6 });
      writeFileSync(
        join(folder, 'labels.csv'),
        'IncidentID,ipv_manualCME,ipv_manualLE\n0,Yes,\n1,,no\n2,TRUE,\n3,,0\n4,perhaps,\n99,1,\n',
      );
      const run = await runClient(['labels', 'import', 'labels.csv', id, '--json', ...DB], { cwd: folder });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({
        n_rows: 6,
        n_labels: 5,
        n_changed: 4,
        n_unmatched: 1,
        unmatched: ['99 cme'],
        unreadable_rows: [6],
        experiments: [id],
      });
      expect(await metricsOf(folder)).toMatchObject({
        n_scored: 4,
        true_positive: 2,
        false_positive: 2,
        accuracy: 0.5,
      });
      expect(
        query(
          join(folder, 'study.db'),
          'SELECT n_true_positive, n_false_positive, accuracy FROM experiments',
        ),
      ).toEqual([{ n_true_positive: 2, n_false_positive: 2, accuracy: 0.5 }]);
      expect(
        query<{ n: number }>(
          join(folder, 'study.db'),
          'SELECT count(*) AS n FROM narrative_results WHERE is_true_positive IS NOT NULL',
        ),
      ).toEqual([{ n: 4 }]);
      expect(
        query(join(folder, 'study.db'), "SELECT detail FROM experiment_events WHERE kind = 'labels_changed'"),
      ).toEqual([{ detail: '4 narratives, by labels import' }]);

      const again = await runClient(['labels', 'import', 'labels.csv', '1', ...DB], { cwd: folder });
      expect(again.stdout).toMatch(/0 changed, 4 as before/);
    });
  });

  it.each([
    [
      'labels of other narratives',
      'IncidentID,ipv_manualCME\n77,1\n',
      /none of its 1 labels belongs to a narrative/,
    ],
    ['no label at all', 'IncidentID,ipv_manualCME\n0,dunno\n', /holds no label that can be used/],
    ['unknown columns', 'a\n1\n', /no columns of labels/],
  ])('refuses %s and changes nothing', async (_what, text, message) => {
    await inFolder(async (folder) => {
      const id = finishedStudy(folder, { tp: 1, fp: 1, fn: 0, tn: 0 });
      writeFileSync(join(folder, 'labels.csv'), text);
      const run = await runClient(['labels', 'import', 'labels.csv', id, ...DB], { cwd: folder });
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toMatch(message);
      expect(
        query(join(folder, 'study.db'), "SELECT * FROM experiment_events WHERE kind = 'labels_changed'"),
      ).toEqual([]);
    });
  });

  it('is refused while another process owns the results file', async () => {
    await inFolder(async (folder) => {
      const id = finishedStudy(folder, { tp: 1, fp: 1, fn: 0, tn: 0 });
      writeFileSync(join(folder, 'labels.csv'), 'IncidentID,ipv_manualCME\n0,0\n');
      const lock = acquireOwnerLock(join(folder, 'study.db'))!;
      try {
        const run = await runClient(['labels', 'import', 'labels.csv', id, ...DB], { cwd: folder });
        expect(run.code).toBe(3);
        expect(run.stderr).toContain('is held by');
      } finally {
        lock.release();
      }
    });
  });
});
