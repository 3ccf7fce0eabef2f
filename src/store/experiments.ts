/** Experiments: one row each, made once together with its frozen list; its status moves only through this file. */
import type { FrozenConfig } from '../config/frozen-config';
import type { EndpointConfig } from '../config/load-config';
import type { ExperimentStatus } from '../experiment';
import type { EffectiveParameters } from '../llm/effective-parameters';
import type { ResultsDatabase } from './results-database';
import type { Twins } from './twins';

/** A row of `experiments`: the columns that the program reads. Times are UTC. */
export interface ExperimentRow {
  experiment_id: string;
  experiment_name: string;
  status: ExperimentStatus;
  status_reason: string | null;
  /** Why it cannot go on; null = it can. */
  not_resumable: string | null;
  model_name: string;
  model_provider: string | null;
  temperature: number;
  system_prompt: string;
  user_template: string;
  prompt_version: string | null;
  prompt_author: string | null;
  prompt_sha256: string;
  run_seed: number | null;
  notes: string | null;
  fingerprint: string;
  replicate: number;
  dataset_id: number;
  texts_sha256: string;
  /** null = an older program named none. */
  data_file: string | null;
  batch_size: number;
  frozen_config: string;
  endpoint_config: string;
  /** JSON; null = the preflight has not decided yet. */
  effective_parameters: string | null;
  api_url: string;
  n_narratives_total: number;
  n_narratives_completed: number;
  n_errors: number;
  /** Narratives that take the answer of another with the same text, and how many of them have it. */
  n_twins_total: number;
  n_twins_completed: number;
  n_positive_detected: number;
  n_negative_detected: number;
  narratives_per_minute: number | null;
  estimated_completion_time: string | null;
  last_progress_update: string | null;
  total_runtime_sec: number;
  avg_time_per_narrative_sec: number | null;
  created_at: string;
  start_time: string;
  end_time: string | null;
  csv_file: string | null;
  json_file: string | null;
  log_dir: string | null;
  os_info: string | null;
  hostname: string | null;
  longhaul_version: string;
  n_true_positive: number | null;
  n_true_negative: number | null;
  n_false_positive: number | null;
  n_false_negative: number | null;
  precision_ipv: number | null;
  recall_ipv: number | null;
  f1_ipv: number | null;
  accuracy: number | null;
}

/** What an experiment is made of. */
export interface NewExperiment {
  experimentId: string;
  fingerprint: string;
  replicate: number;
  datasetId: number;
  textsSha256: string;
  promptSha256: string;
  frozen: FrozenConfig;
  /** Places (0-based) in the dataset's order; absent = no sample. */
  sample?: readonly number[];
  endpoint: EndpointConfig;
  host: { name: string; os: string };
  version: string;
}

export class Experiments {
  private readonly selectOne;

  constructor(
    private readonly database: ResultsDatabase,
    private readonly twins: Twins,
    private readonly now: () => Date,
  ) {
    this.selectOne = database.prepare('SELECT * FROM experiments WHERE experiment_id = ?');
  }

  /** Makes the row (status pending) and freezes the list: the dataset's narratives in order, limited as configured. */
  create(experiment: NewExperiment): void {
    const { frozen, experimentId } = experiment;
    const now = this.now().toISOString();
    this.database.transaction(() => {
      this.database.prepare(INSERT_EXPERIMENT).run({
        ...frozen,
        experimentId,
        fingerprint: experiment.fingerprint,
        replicate: experiment.replicate,
        datasetId: experiment.datasetId,
        textsSha256: experiment.textsSha256,
        promptSha256: experiment.promptSha256,
        frozenConfig: JSON.stringify(frozen),
        endpointConfig: JSON.stringify(experiment.endpoint),
        apiUrl: experiment.endpoint.apiUrl,
        os: experiment.host.os,
        host: experiment.host.name,
        version: experiment.version,
        now,
        maxTokensWritten: null,
        saveCsvJson: null,
        sendSeed: null,
        askOnce: null,
      });
      this.database.prepare(FREEZE_LIST).run({
        experimentId,
        datasetId: experiment.datasetId,
        sample: experiment.sample === undefined ? null : JSON.stringify(experiment.sample),
        limit: frozen.maxNarratives ?? -1,
      });
      this.database
        .prepare(
          `UPDATE experiments SET n_narratives_total =
             (SELECT count(*) FROM experiment_narratives WHERE experiment_id = $id) WHERE experiment_id = $id`,
        )
        .run({ id: experimentId });
      if (frozen.askOnce === true) this.twins.mark(experimentId);
    })();
  }

  /** Experiment by id; undefined = no such experiment. */
  get(experimentId: string): ExperimentRow | undefined {
    return this.selectOne.get(experimentId) as ExperimentRow | undefined;
  }

  /** All experiments, newest first. */
  list(): ExperimentRow[] {
    return this.database
      .prepare('SELECT * FROM experiments ORDER BY created_at DESC, rowid DESC')
      .all() as ExperimentRow[];
  }

  /** The newest experiment in one of these states; undefined = none. */
  latest(statuses?: readonly ExperimentStatus[]): ExperimentRow | undefined {
    return this.list().find((row) => statuses === undefined || statuses.includes(row.status));
  }

  /** Experiments of a name, newest first. */
  listByName(name: string): ExperimentRow[] {
    return this.list().filter((row) => row.experiment_name === name);
  }

  /** Sets the status; a null reason clears the old one. End states get an end time, others lose theirs. */
  setStatus(experimentId: string, status: ExperimentStatus, reason: string | null): void {
    const isEnd = ['completed', 'completed_with_errors', 'failed', 'cancelled'].includes(status);
    const moves = status === 'running' || status === 'waiting_llm';
    this.database
      .prepare(
        `UPDATE experiments SET status = $status, status_reason = $reason, end_time = $endTime,
           estimated_completion_time = CASE WHEN $moves THEN estimated_completion_time END
         WHERE experiment_id = $id`,
      )
      .run({
        id: experimentId,
        status,
        reason,
        endTime: isEnd ? this.now().toISOString() : null,
        moves: moves ? 1 : 0,
      });
  }

  /** Takes over where the texts go and how fast, and what merely describes the experiment; no part of its identity. */
  setSettings(experimentId: string, frozen: FrozenConfig, endpoint: EndpointConfig): void {
    this.database
      .prepare(
        `UPDATE experiments SET frozen_config = $frozen, endpoint_config = $endpoint, api_url = $apiUrl,
           prompt_author = $author, notes = $notes, model_provider = $provider, prompt_version = $promptVersion,
           data_file = $dataFile WHERE experiment_id = $id`,
      )
      .run({
        id: experimentId,
        frozen: JSON.stringify(frozen),
        endpoint: JSON.stringify(endpoint),
        apiUrl: endpoint.apiUrl,
        author: frozen.author,
        notes: frozen.notes,
        provider: frozen.provider,
        promptVersion: frozen.promptVersion,
        dataFile: frozen.dataFile,
      });
  }

  /** Keeps what the calls are made with; once decided it never changes. */
  setEffectiveParameters(experimentId: string, parameters: EffectiveParameters): void {
    this.database
      .prepare(
        `UPDATE experiments SET effective_parameters = ?
         WHERE experiment_id = ? AND effective_parameters IS NULL`,
      )
      .run(JSON.stringify(parameters), experimentId);
  }

  /** Notes where results and log are written to; what is not given stays as it is. */
  setOutputFiles(id: string, files: { csv?: string; json?: string; logFolder?: string }): void {
    this.database.prepare(SET_OUTPUT_FILES).run({ csv: null, json: null, logFolder: null, ...files, id });
  }

  /** The id by which Temporal's task queue knows this file: 8 hex digits. */
  resultsFileId(): string {
    return this.database.prepare('SELECT id FROM results_file').pluck().get() as string;
  }
}

const SET_OUTPUT_FILES = `
UPDATE experiments SET csv_file = coalesce($csv, csv_file), json_file = coalesce($json, json_file),
  log_dir = coalesce($logFolder, log_dir) WHERE experiment_id = $id`;

const FREEZE_LIST = `
INSERT INTO experiment_narratives (experiment_id, position, narrative_id)
SELECT $experimentId, row_number() OVER (ORDER BY narrative_id) - 1, narrative_id
FROM (SELECT narrative_id, row_number() OVER (ORDER BY narrative_id) - 1 AS place
      FROM source_narratives WHERE dataset_id = $datasetId)
WHERE $sample IS NULL OR place IN (SELECT value FROM json_each($sample))
ORDER BY narrative_id LIMIT $limit`;

const INSERT_EXPERIMENT = `
INSERT INTO experiments (experiment_id, experiment_name, status, model_name, model_provider, temperature,
  system_prompt, user_template, prompt_version, prompt_author, run_seed, data_file, n_narratives_total, start_time,
  api_url, os_info, hostname, created_at, notes, fingerprint, replicate, dataset_id, texts_sha256, prompt_sha256,
  frozen_config, endpoint_config, batch_size, longhaul_version)
VALUES ($experimentId, $name, 'pending', $modelName, $provider, $temperature,
  $systemPrompt, $userTemplate, $promptVersion, $author, $seed, $dataFile, 0, $now,
  $apiUrl, $os, $host, $now, $notes, $fingerprint, $replicate, $datasetId, $textsSha256, $promptSha256,
  $frozenConfig, $endpointConfig, $batchSize, $version)`;
