/** What a config asks for: the texts it names, the frozen form of its settings and the fingerprint of both. */
import { basename } from 'node:path';
import type { ExperimentConfig } from '../config/load-config';
import { fingerprintOf } from '../config/fingerprint';
import { freezeConfig, type FrozenConfig } from '../config/frozen-config';
import { checksumsOf, readDataset, type SourceDataset } from '../dataset/read-dataset';
import { DatasetError } from '../errors';
import type { DatasetRow } from '../store/datasets';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';

/** The texts of a config: a file to import, or a dataset that is in the results file already. */
export type TextSource =
  | {
      kind: 'file';
      dataset: SourceDataset;
      /** true = these texts are in the results file already, from a file that was not this one byte by byte. */
      isKnown: boolean;
      textsSha256: string;
      nNarratives: number;
    }
  | { kind: 'stored'; datasetId: number; textsSha256: string; nNarratives: number; notice: string | null };

/** An experiment as the config and the command line ask for it. */
export interface WantedExperiment {
  config: ExperimentConfig;
  frozen: FrozenConfig;
  source: TextSource;
  fingerprint: string;
}

/** What the command line selects instead of the config; nulls = nothing. */
export interface AskedSelection {
  /** The first so many. */
  limit: number | null;
  /** So many, chosen at random by the seed of the config. */
  sample: number | null;
}

/** Nothing is selected beyond what the config says. */
export const AS_CONFIGURED: AskedSelection = { limit: null, sample: null };

/** Finds the texts and the fingerprint. Throws DatasetError. A null store is a results file that does not exist yet. */
export function wantedExperiment(
  config: ExperimentConfig,
  { limit, sample }: AskedSelection,
  store: Store | null,
): WantedExperiment {
  const source = findTexts(config, store);
  const isAsked = limit !== null || sample !== null;
  const selection = isAsked ? { maxNarratives: limit, sample } : config.selection;
  const less = (n: number | null): number | null => (n !== null && n < source.nNarratives ? n : null);
  const frozen: FrozenConfig = {
    ...freezeConfig(config),
    maxNarratives: less(selection.maxNarratives),
    sample: less(selection.sample),
  };
  return { config, frozen, source, fingerprint: fingerprintOf({ frozen, textsSha256: source.textsSha256 }) };
}

function findTexts(config: ExperimentConfig, store: Store | null): TextSource {
  const { file, exists } = config.data;
  if (!exists) return storedTexts(config, store);
  const known = store?.datasets.findByFile(checksumsOf(file).sha256);
  if (known !== undefined) return stored(known, null);
  const dataset = readDataset(file);
  const { textsSha256, nNarratives } = dataset;
  const isKnown = store?.datasets.findByTexts(textsSha256) !== undefined;
  return { kind: 'file', dataset, isKnown, textsSha256, nNarratives };
}

/** The data file may be gone once its texts are in the results file: by its path, or by the experiment of the name. */
function storedTexts({ name, data }: ExperimentConfig, store: Store | null): TextSource {
  const isSameFile = (row: ExperimentRow): boolean => basename(row.data_file ?? '') === basename(data.file);
  const earlier = store?.experiments.listByName(name).find(isSameFile);
  const dataset =
    store?.datasets.findByPath(data.file) ??
    (earlier === undefined ? undefined : store?.datasets.get(earlier.dataset_id));
  if (dataset === undefined) {
    throw new DatasetError(data.file, 'there is no such file', 'Check data.file in the config.');
  }
  return stored(
    dataset,
    `The data file ${data.file} is gone; its texts are in the results file and are used.`,
  );
}

function stored(row: DatasetRow, notice: string | null): TextSource {
  return {
    kind: 'stored',
    datasetId: row.dataset_id,
    textsSha256: row.texts_sha256,
    nNarratives: row.n_narratives,
    notice,
  };
}
