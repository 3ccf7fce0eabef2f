/** The row of an experiment as an upgrade writes it: the older columns, and what this program keeps besides. */
import type { ExperimentStatus } from '../../experiment';
import type { ListDecision } from './decide-list';
import type { UpgradeDependencies } from './dependencies';
import { endpointFromRow, frozenFromRow, integerOf, realOf, textOf, type OlderRow } from './older-experiment';

/** The dataset that an experiment belongs to. */
export interface DatasetOfExperiment {
  datasetId: number;
  textsSha256: string;
  nNarratives: number;
}

/** What the row is made of. */
export interface ExperimentToInsert {
  id: string;
  older: OlderRow;
  status: ExperimentStatus;
  reason: string | null;
  decision: ListDecision;
  nTotal: number;
  dataset: DatasetOfExperiment;
}

const TEXTS = [
  ...['model_provider', 'prompt_version', 'prompt_author', 'data_file', 'last_progress_update', 'end_time'],
  ...['api_url', 'r_version', 'os_info', 'hostname', 'csv_file', 'json_file', 'log_dir', 'notes'],
];
const INTEGERS = [
  ...['run_seed', 'n_positive_manual', 'n_negative_manual', 'n_false_positive', 'n_false_negative'],
  ...['n_true_positive', 'n_true_negative'],
];
const REALS = [
  ...['avg_time_per_narrative_sec', 'accuracy', 'precision_ipv', 'recall_ipv', 'f1_ipv'],
  'pct_overlap_with_manual',
];
const OWN = [
  ...[
    'experiment_id',
    'experiment_name',
    'status',
    'model_name',
    'temperature',
    'system_prompt',
    'user_template',
  ],
  ...[
    'n_narratives_total',
    'n_narratives_skipped',
    'start_time',
    'total_runtime_sec',
    'created_at',
    'fingerprint',
  ],
  ...['replicate', 'status_reason', 'dataset_id', 'texts_sha256', 'prompt_sha256', 'frozen_config'],
  ...['endpoint_config', 'batch_size', 'longhaul_version'],
];
const COLUMNS = [...TEXTS, ...INTEGERS, ...REALS, ...OWN];

/** Takes the values by the names of the columns. Counters are set later, from the rows. */
export const INSERT_EXPERIMENT = `
INSERT INTO experiments (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((column) => `$${column}`).join(', ')})`;

/** The values. `replicates` counts the experiments of a fingerprint. */
export function experimentValues(
  { id, older, status, reason, decision, nTotal, dataset }: ExperimentToInsert,
  replicates: Map<string, number>,
  dependencies: UpgradeDependencies,
): Record<string, string | number | null> {
  const frozen = frozenFromRow(older, limitOf(decision, dataset, nTotal), dependencies);
  const endpoint = endpointFromRow(older, dependencies);
  // What was not asked over a known list is no experiment that a config could ask for.
  const fingerprint =
    decision.list === 'source'
      ? dependencies.fingerprintOf({ frozen, textsSha256: dataset.textsSha256 })
      : dependencies.sha256Hex(`older program, ${id}`);
  const replicate = (replicates.get(fingerprint) ?? 0) + 1;
  replicates.set(fingerprint, replicate);
  const createdAt = textOf(older, 'created_at') ?? textOf(older, 'start_time') ?? '';
  return {
    ...Object.fromEntries(TEXTS.map((column) => [column, textOf(older, column)])),
    ...Object.fromEntries(INTEGERS.map((column) => [column, integerOf(older, column)])),
    ...Object.fromEntries(REALS.map((column) => [column, realOf(older, column)])),
    experiment_id: id,
    experiment_name: frozen.name,
    status,
    model_name: frozen.modelName,
    temperature: frozen.temperature,
    system_prompt: frozen.systemPrompt,
    user_template: frozen.userTemplate,
    n_narratives_total: nTotal,
    n_narratives_skipped: integerOf(older, 'n_narratives_skipped') ?? 0,
    start_time: textOf(older, 'start_time') ?? createdAt,
    total_runtime_sec: realOf(older, 'total_runtime_sec') ?? 0,
    created_at: createdAt,
    fingerprint,
    replicate,
    status_reason: reason,
    dataset_id: dataset.datasetId,
    texts_sha256: dataset.textsSha256,
    prompt_sha256: dependencies.sha256Hex(`${frozen.systemPrompt}\0${frozen.userTemplate}`),
    frozen_config: JSON.stringify(frozen),
    endpoint_config: JSON.stringify(endpoint),
    batch_size: frozen.batchSize,
    longhaul_version: 'older program',
  };
}

/** The limit of the list; null = it takes all narratives of its dataset. */
function limitOf(
  decision: ListDecision,
  { nNarratives }: DatasetOfExperiment,
  nTotal: number,
): number | null {
  return decision.list === 'source' && nTotal < nNarratives ? nTotal : null;
}
