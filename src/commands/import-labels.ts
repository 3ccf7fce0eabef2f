/** Takes over labels that came after the answers, and refreshes the metrics that they make. */
import { resolve } from 'node:path';
import { refreshMetrics } from '../activities/refresh-metrics';
import { expandHome } from '../config/home-folder';
import { readLabels, type LabelEntry, type LabelFile } from '../dataset/read-labels';
import { DatasetError, EXIT, ExperimentNotFoundError, type ExitCode } from '../errors';
import { openStore, openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import { findExperiment, noExperiments } from './find-experiment';
import { ownResultsFile } from './own-results-file';
import { toPlainLine } from './plain-text';
import { readyResultsFile } from './ready-results-file';

const MAX_SHOWN = 10;

/** What an import did, as `--json` prints it. */
export interface LabelsReport {
  file: string;
  datasets: number[];
  n_rows: number;
  n_labels: number;
  n_changed: number;
  n_unchanged: number;
  n_blank: number;
  n_unmatched: number;
  /** Incident and type, or incident alone; at most ten. */
  unmatched: string[];
  unreadable_rows: number[];
  rows_without_id: number[];
  contradicting_rows: number[];
  /** Experiments whose metrics were refreshed. */
  experiments: string[];
}

/** Takes over the labels as the owner of the results file. Throws DatasetError, HeldByAnotherError. */
export async function importLabels(context: CommandContext, path: string, target: string): Promise<ExitCode> {
  const { resultsFile, output, workingDirectory, environment } = context;
  await readyResultsFile(context);
  const looking = openStoreForReading(resultsFile);
  if (looking === null) throw noExperiments(resultsFile);
  try {
    findDatasets(looking, target);
  } finally {
    looking.close();
  }
  const labels = readLabels(resolve(workingDirectory, expandHome(path, environment)));
  const ownership = await ownResultsFile(resultsFile, 'foreground', null);
  try {
    const store = openStore(resultsFile);
    try {
      const report = applyLabels(store, labels, target);
      output.facts(report, () => formatReport(report));
      return EXIT.completed;
    } finally {
      store.close();
    }
  } finally {
    ownership.end();
  }
}

/** Sets the labels and refreshes the metrics they concern in one transaction. Throws when none fits. */
export function applyLabels(store: Store, labels: LabelFile, target: string): LabelsReport {
  return store.inTransaction(() => {
    const datasets = findDatasets(store, target);
    const applied = store.labels.apply(datasets, labels.entries);
    if (labels.entries.length === applied.unmatched.length) throw withoutMatch(labels, target);
    const experiments = store.labels.listExperiments(datasets);
    for (const experimentId of experiments) {
      refreshMetrics(store, experimentId);
      if (applied.nChanged > 0)
        store.events.add(experimentId, 'labels_changed', `${applied.nChanged} narratives, by labels import`);
    }
    return {
      file: labels.file,
      datasets,
      n_rows: labels.nRows,
      n_labels: labels.entries.length,
      n_changed: applied.nChanged,
      n_unchanged: applied.nUnchanged,
      n_blank: labels.nBlank,
      n_unmatched: applied.unmatched.length,
      unmatched: applied.unmatched.slice(0, MAX_SHOWN).map(nameOf),
      unreadable_rows: labels.unreadableRows,
      rows_without_id: labels.rowsWithoutId,
      contradicting_rows: labels.contradictingRows,
      experiments,
    };
  });
}

function findDatasets(store: Store, target: string): number[] {
  if (store.experiments.get(target) !== undefined) return store.labels.listDatasets(target);
  if (!/^\d+$/.test(target)) findExperiment(store, target);
  if (store.datasets.get(Number(target)) !== undefined) return [Number(target)];
  throw new ExperimentNotFoundError(
    `No dataset ${target} in ${store.file}. \`client show EXPERIMENT\` tells the number of its dataset.`,
  );
}

function withoutMatch(labels: LabelFile, target: string): DatasetError {
  const unreadable = labels.unreadableRows.length;
  return new DatasetError(
    labels.file,
    labels.entries.length === 0
      ? `it holds no label that can be used (${labels.nRows} rows, ${labels.nBlank} blank cells, ${unreadable} rows with something else)`
      : `none of its ${labels.entries.length} labels belongs to a narrative of ${target}`,
    'Check that ids and kinds of narratives are written as in the data file, and labels as yes/no, true/false or 1/0. Nothing was changed.',
  );
}

function nameOf({ incidentId, narrativeType }: LabelEntry): string {
  return toPlainLine(narrativeType === null ? incidentId : `${incidentId} ${narrativeType}`, 60);
}

function formatReport(report: LabelsReport): string {
  const rows = (numbers: readonly number[]): string =>
    `${numbers.slice(0, MAX_SHOWN).join(', ')}${numbers.length > MAX_SHOWN ? ' ...' : ''}`;
  const trouble: [number, string][] = [
    [report.n_unmatched, `for which there is no narrative: ${report.unmatched.join(', ')}`],
    [
      report.unreadable_rows.length,
      `rows with something that is no label: rows ${rows(report.unreadable_rows)}`,
    ],
    [report.rows_without_id.length, `rows without id or type: rows ${rows(report.rows_without_id)}`],
    [
      report.contradicting_rows.length,
      `rows that contradict an earlier one (neither was used): rows ${rows(report.contradicting_rows)}`,
    ],
  ];
  return [
    `${report.n_labels} labels in ${report.file}: ${report.n_changed} changed, ${report.n_unchanged} as before, ${report.n_blank} blank.`,
    ...trouble.filter(([count]) => count > 0).map(([count, what]) => `  ${count} ${what}`),
    report.experiments.length === 0
      ? 'No experiment is on these texts yet.'
      : `Metrics refreshed: ${report.experiments.join(', ')}. See them with: client show ${report.experiments[0]}`,
  ].join('\n');
}
