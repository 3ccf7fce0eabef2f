/** Labels that people gave to narratives which are in the results file already. */
import type { LabelEntry } from '../dataset/read-labels';
import type { ResultsDatabase } from './results-database';

/** What became of the labels of a file. */
export interface AppliedLabels {
  /** Narratives whose label is another now. */
  nChanged: number;
  /** Entries that said what was known already. */
  nUnchanged: number;
  /** Entries for which there is no narrative. */
  unmatched: LabelEntry[];
}

export class Labels {
  constructor(private readonly database: ResultsDatabase) {}

  /** Sets the labels of narratives of these datasets; call it inside a transaction. A null label changes nothing. */
  apply(datasetIds: readonly number[], entries: readonly LabelEntry[]): AppliedLabels {
    const applied: AppliedLabels = { nChanged: 0, nUnchanged: 0, unmatched: [] };
    const find = this.database.prepare(FIND).pluck();
    const set = this.database.prepare(SET);
    for (const entry of entries) {
      let isMatched = false;
      let changed = 0;
      for (const datasetId of datasetIds) {
        for (const narrativeId of findNarratives(find, datasetId, entry)) {
          isMatched = true;
          changed += set.run({ narrativeId, ind: entry.manualFlagInd, flag: entry.manualFlag }).changes;
        }
      }
      if (!isMatched) applied.unmatched.push(entry);
      else if (changed === 0) applied.nUnchanged += 1;
      applied.nChanged += changed;
    }
    return applied;
  }

  /** Experiments with a narrative of these datasets on their lists, newest first. */
  listExperiments(datasetIds: readonly number[]): string[] {
    return this.database
      .prepare(
        `SELECT e.experiment_id FROM experiments e
         WHERE e.dataset_id IN (SELECT value FROM json_each($ids)) OR EXISTS (
           SELECT 1 FROM experiment_narratives en JOIN source_narratives s ON s.narrative_id = en.narrative_id
           WHERE en.experiment_id = e.experiment_id AND s.dataset_id IN (SELECT value FROM json_each($ids)))
         ORDER BY e.created_at DESC, e.rowid DESC`,
      )
      .pluck()
      .all({ ids: JSON.stringify(datasetIds) }) as string[];
  }

  /** The datasets that an experiment's list draws on. */
  listDatasets(experimentId: string): number[] {
    return this.database
      .prepare(
        `SELECT dataset_id FROM experiments WHERE experiment_id = $id UNION
         SELECT s.dataset_id FROM experiment_narratives en
         JOIN source_narratives s ON s.narrative_id = en.narrative_id WHERE en.experiment_id = $id`,
      )
      .pluck()
      .all({ id: experimentId }) as number[];
  }
}

/** Ids of the narratives meant: one of a kind, or all of an incident where no kind is named. */
function findNarratives(
  find: { all(parameters: object): unknown[] },
  datasetId: number,
  { idSpellings, narrativeType }: LabelEntry,
): number[] {
  for (const incidentId of idSpellings) {
    const ids = find.all({ datasetId, incidentId, narrativeType }) as number[];
    if (ids.length > 0) return ids;
  }
  return [];
}

const FIND = `
SELECT narrative_id FROM source_narratives WHERE dataset_id = $datasetId AND incident_id = $incidentId
  AND ($narrativeType IS NULL OR narrative_type = $narrativeType)`;

const SET = `
UPDATE source_narratives
SET manual_flag_ind = coalesce($ind, manual_flag_ind), manual_flag = coalesce($flag, manual_flag)
WHERE narrative_id = $narrativeId AND (manual_flag_ind IS NOT coalesce($ind, manual_flag_ind)
  OR manual_flag IS NOT coalesce($flag, manual_flag))`;
