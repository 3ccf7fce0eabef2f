/** Puts the document of a comparison together from the results file. */
import { listDifferences } from '../config/difference';
import type { FrozenConfig } from '../config/frozen-config';
import { ComparisonFigures } from '../metrics/comparison-figures';
import type { ComparedExperiment, ComparisonReport } from '../metrics/comparison-report';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { readVersion } from '../version';

/** Reads both in one snapshot. */
export function gatherComparison(
  store: Store,
  first: ExperimentRow,
  second: ExperimentRow,
  notice: string | null,
): ComparisonReport {
  return store.reporting.inSnapshot(() => {
    const figures = new ComparisonFigures();
    for (const pair of store.reporting.pairs(first.experiment_id, second.experiment_id)) figures.add(pair);
    return {
      made_at: new Date().toISOString(),
      made_by: `Longhaul ${readVersion()}`,
      first: describe(first),
      second: describe(second),
      same_prompt: first.prompt_sha256 === second.prompt_sha256,
      differences: listDifferences(frozenOf(first), frozenOf(second)).map(({ summary }) => summary),
      notice,
      statistics: figures.summarize(),
    };
  });
}

function describe(row: ExperimentRow): ComparedExperiment {
  return {
    experiment_id: row.experiment_id,
    experiment_name: row.experiment_name,
    status: row.status,
    model: row.model_name,
    temperature: row.temperature,
    prompt_version: row.prompt_version,
    prompt_sha256: row.prompt_sha256,
    start_time: row.start_time,
    end_time: row.end_time,
    n_answered: row.n_narratives_completed - row.n_errors,
    n_errors: row.n_errors,
  };
}

/** What of an experiment was frozen, as it is compared. */
export function frozenOf(row: ExperimentRow): { frozen: FrozenConfig; textsSha256: string } {
  return { frozen: JSON.parse(row.frozen_config) as FrozenConfig, textsSha256: row.texts_sha256 };
}
