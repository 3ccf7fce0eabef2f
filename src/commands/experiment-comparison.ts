/** Puts the document of a comparison together from the results file. */
import { listDifferences } from '../config/difference';
import type { FrozenConfig } from '../config/frozen-config';
import { ComparisonFigures } from '../metrics/comparison-figures';
import type { ComparedExperiment, ComparisonReport } from '../metrics/comparison-report';
import { PairCounts, type PairComparison } from '../metrics/pair-comparison';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { readVersion } from '../version';

/** What to compare; `needsAll` = the document with all statistics is asked for, too. */
export interface ComparisonRequest {
  first: ExperimentRow;
  second: ExperimentRow;
  notice: string | null;
  needsAll: boolean;
}

/** One walk over what both have answered, in one snapshot; the document is null where it is not asked for. */
export function readPairs(
  store: Store,
  { first, second, notice, needsAll }: ComparisonRequest,
): { comparison: PairComparison; document: ComparisonReport | null } {
  return store.reporting.inSnapshot(() => {
    const counts = new PairCounts();
    const figures = needsAll ? new ComparisonFigures() : null;
    for (const pair of store.reporting.pairs(first.experiment_id, second.experiment_id)) {
      counts.add(pair);
      figures?.add(pair);
    }
    const document = figures && {
      made_at: new Date().toISOString(),
      made_by: `Longhaul ${readVersion()}`,
      first: describe(first),
      second: describe(second),
      same_prompt: first.prompt_sha256 === second.prompt_sha256,
      differences: listDifferences(frozenOf(first), frozenOf(second)).map(({ summary }) => summary),
      notice,
      statistics: figures.summarize(),
    };
    return { comparison: counts.compare(), document };
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
