/** Compares the data file of an experiment with the texts that were imported from it. Writes nothing. */
import { existsSync } from 'node:fs';
import { compareNarratives, describeNarrativesDifference } from '../dataset/narratives-difference';
import { checksumsOf, readDataset, type SourceDataset } from '../dataset/read-dataset';
import { ExperimentChangedError } from '../errors';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';

/** What the file says beside the same texts; `dataset` = it is to be taken over, null = nothing to take over. */
export interface SourceCheck {
  dataset: SourceDataset | null;
  /** null = nothing to say. */
  notice: string | null;
}

/** Throws ExperimentChangedError when the file holds other texts, DatasetError when it can no longer be read. */
export function checkSource(store: Store, row: ExperimentRow): SourceCheck {
  const file = row.data_file;
  // An older program may have named none.
  if (!file) return { dataset: null, notice: null };
  if (!existsSync(file)) {
    return {
      dataset: null,
      notice: `The data file ${file} is gone; its texts are in the results file and are used.`,
    };
  }
  const known = store.datasets.get(row.dataset_id);
  if (known?.file_sha256 === checksumsOf(file).sha256) return { dataset: null, notice: null };
  const dataset = readDataset(file);
  if (dataset.textsSha256 === row.texts_sha256) return { dataset, notice: null };
  throw new ExperimentChangedError(
    row.experiment_id,
    [
      `The data file ${file} does not hold the texts of ${row.experiment_id} any more:`,
      ...describeTextsDifference(store, row, dataset.narratives).map((line) => `  ${line}`),
      'To go on with the texts as they were, which are in the results file: put the file back as it was, or move it',
      `away, then client resume ${row.experiment_id}`,
      'To begin a new experiment with the file as it is: client start --config FILE --new',
    ].join('\n'),
  );
}

/** How the texts of an experiment's dataset and others differ: lines of counts and ids. */
export function describeTextsDifference(
  store: Store,
  row: ExperimentRow,
  now: Parameters<typeof compareNarratives>[1],
): string[] {
  return describeNarrativesDifference(
    compareNarratives(() => store.datasets.narratives(row.dataset_id, null), now),
  );
}
