/** Brings the older experiments over, each with its list: rebuilt where that is exact, else the narratives with a result. */
import type { ExperimentStatus } from '../../experiment';
import type { ResultsDatabase } from '../results-database';
import { insertDataset } from './copy-sources';
import { decideList, type ListDecision, type ListEvidence } from './decide-list';
import type { UpgradeDependencies } from './dependencies';
import { INSERT_EXPERIMENT, experimentValues, type DatasetOfExperiment } from './insert-experiment';
import type { ExperimentSources } from './link-results';
import { integerOf, textOf, whyNotAskable, type OlderRow } from './older-experiment';
import { olderStatus } from './older-status';

/** An experiment as it was brought over. */
export interface UpgradedExperiment {
  id: string;
  older: OlderRow;
  status: ExperimentStatus;
  decision: ListDecision;
  /** Why it cannot go on; null = it can. */
  notResumable: string | null;
}

/** Reads the older rows, oldest first, and makes up a row for results whose experiment has none. */
export function listOlderExperiments(database: ResultsDatabase): OlderRow[] {
  return database
    .prepare('SELECT * FROM older_experiments ORDER BY rowid')
    .all()
    .map((row) => ({
      ...(row as OlderRow),
      experiment_id: textOf(row as OlderRow, 'experiment_id') ?? 'unknown',
    }));
}

/** Inserts the experiments and their lists. `knewResume`: whether the older program may have overwritten totals. */
export function copyExperiments(
  database: ResultsDatabase,
  rows: readonly OlderRow[],
  sources: ExperimentSources,
  dependencies: UpgradeDependencies & { knewResume: boolean },
): UpgradedExperiment[] {
  const replicates = new Map<string, number>();
  return [...rows, ...listMissingRows(database)].map((older) => {
    const id = String(older.experiment_id);
    const source = sources.get(id) ?? '';
    const { evidence, nOtherTexts } = gatherEvidence(database, older, source, dependencies.knewResume);
    const decision = decideList(evidence);
    const nTotal = decision.list === 'source' ? decision.length : evidence.nResults;
    const { status, reason } = olderStatus(older, { ...evidence, nTotal });
    const isUnfinished = status !== 'completed' && status !== 'completed_with_errors';
    const why = isUnfinished && decision.list === 'results' ? decision.why : null;
    const values = experimentValues(
      { id, older, status, reason, decision, nTotal, dataset: datasetOf(database, id, source, dependencies) },
      replicates,
      dependencies,
    );
    database.prepare(INSERT_EXPERIMENT).run(values);
    insertList(database, id, source, decision);
    return { id, older, status, decision, notResumable: why ?? whyNotAskable(older, nOtherTexts) };
  });
}

function listMissingRows(database: ResultsDatabase): OlderRow[] {
  const ids = database
    .prepare(
      `SELECT DISTINCT experiment_id FROM result_map WHERE experiment_id NOT IN
         (SELECT coalesce(CAST(experiment_id AS TEXT), 'unknown') FROM older_experiments)`,
    )
    .pluck()
    .all() as string[];
  return ids.map((id) => ({
    experiment_id: id,
    experiment_name: `legacy ${id}`,
    status: 'failed',
    status_reason: 'older program: only its results were in the file',
  }));
}

function gatherEvidence(
  database: ResultsDatabase,
  older: OlderRow,
  source: string,
  knewResume: boolean,
): { evidence: ListEvidence; nOtherTexts: number } {
  const total = integerOf(older, 'n_narratives_total');
  const nSource = database
    .prepare('SELECT count(*) FROM source_map WHERE source = ? AND occurrence = 1')
    .pluck()
    .get(source) as number;
  const { agree, nOtherTexts, ...counts } = database
    .prepare(GATHER)
    .get({ id: String(older.experiment_id), source, total }) as Omit<
    ListEvidence,
    'isCompleted' | 'nSource' | 'total' | 'knewResume' | 'rowNumbersAgree'
  > & { agree: 0 | 1; nOtherTexts: number };
  const isCompleted = textOf(older, 'status') === 'completed';
  const known = source === '' || nSource === 0 ? null : nSource;
  return {
    evidence: { ...counts, isCompleted, nSource: known, total, knewResume, rowNumbersAgree: agree === 1 },
    nOtherTexts,
  };
}

/** The dataset of its data file, else the one that most of its results are about, else an empty one. */
function datasetOf(
  database: ResultsDatabase,
  id: string,
  source: string,
  dependencies: UpgradeDependencies,
): DatasetOfExperiment {
  const find = (sql: string, key: string): number | undefined =>
    database.prepare(sql).pluck().get(key) as number | undefined;
  const datasetId =
    (source === '' ? undefined : find(DATASET_OF_SOURCE, source)) ??
    find(DATASET_OF_RESULTS, id) ??
    find('SELECT dataset_id FROM datasets WHERE source_path = ?', 'legacy') ??
    insertDataset(
      database,
      {
        textsSha256: dependencies.textsSha256([]),
        sourcePath: 'legacy',
        md5: null,
        nNarratives: 0,
        importedAt: dependencies.now.toISOString(),
      },
      dependencies,
    );
  return database
    .prepare(
      `SELECT dataset_id AS datasetId, texts_sha256 AS textsSha256, n_narratives AS nNarratives
       FROM datasets WHERE dataset_id = ?`,
    )
    .get(datasetId) as DatasetOfExperiment;
}

function insertList(database: ResultsDatabase, id: string, source: string, decision: ListDecision): void {
  if (decision.list === 'source') {
    database.prepare(LIST_OF_SOURCE).run({ id, source, length: decision.length });
  } else {
    database.prepare(LIST_OF_RESULTS).run({ id });
  }
}

const GATHER = `
SELECT count(*) FILTER (WHERE r.kept_id IS NULL) AS nResults,
  count(*) FILTER (WHERE r.kept_id IS NULL AND r.is_error) AS nErrors,
  count(*) FILTER (WHERE r.kept_id IS NULL AND (m.source IS NOT $source OR m.occurrence <> 1)) AS nOutside,
  count(*) FILTER (WHERE r.kept_id IS NULL AND m.position >= $total) AS nBeyondTotal,
  coalesce(min(r.row_num IS m.position + 1), 1) AS agree,
  coalesce(sum(r.text_differs), 0) AS nOtherTexts
FROM result_map r LEFT JOIN source_map m ON m.narrative_id = r.narrative_id
WHERE r.experiment_id = $id`;

const DATASET_OF_SOURCE = `
SELECT s.dataset_id FROM source_map m JOIN source_narratives s ON s.narrative_id = m.narrative_id
WHERE m.source = ? AND m.occurrence = 1 LIMIT 1`;

const DATASET_OF_RESULTS = `
SELECT s.dataset_id FROM result_map r JOIN source_narratives s ON s.narrative_id = r.narrative_id
WHERE r.experiment_id = ? GROUP BY s.dataset_id ORDER BY count(*) DESC, s.dataset_id LIMIT 1`;

const LIST_OF_SOURCE = `
INSERT INTO experiment_narratives (experiment_id, position, narrative_id)
SELECT $id, position, narrative_id FROM source_map
WHERE source = $source AND occurrence = 1 AND position < $length ORDER BY position`;

const LIST_OF_RESULTS = `
INSERT INTO experiment_narratives (experiment_id, position, narrative_id)
SELECT $id, row_number() OVER (ORDER BY result_id) - 1, narrative_id FROM result_map
WHERE experiment_id = $id AND kept_id IS NULL ORDER BY result_id`;
