/** Puts the document of a report together from the results file. */
import { basename } from 'node:path';
import type { FrozenConfig } from '../config/frozen-config';
import { LonghaulError } from '../errors';
import { ExperimentFigures } from '../metrics/experiment-figures';
import type { ExperimentFacts, ExperimentReport, ReportedEvent } from '../metrics/experiment-report';
import { TEXT_NEEDED } from '../metrics/text-quality';
import type { EventRow } from '../store/events';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { readVersion } from '../version';
import type { LabelOverlay } from './against-labels';

/** What is asked of a report. */
export interface ReportRequest {
  /** Columns of the data file by which to group; null = year and site where the data has them. */
  columns: readonly string[] | null;
  labels: LabelOverlay;
  withText: boolean;
}

/** Events of an ordinary course. */
const ORDINARY = new Set(['created', 'started', 'completed']);
const MOST_EVENTS = 100;

/** Reads everything in one snapshot. Throws LonghaulError for a column that is not there or no group, DatasetError. */
export function gatherReport(store: Store, row: ExperimentRow, request: ReportRequest): ExperimentReport {
  return store.reporting.inSnapshot(() => {
    const id = row.experiment_id;
    const figures = new ExperimentFigures(request.columns);
    for (const result of store.reporting.rows(id, TEXT_NEEDED)) figures.add(request.labels.relabel(result));
    const report = figures.summarize(store.reporting.listTypes(id));
    assertColumns(request.columns, figures.columnNames(), report.detection.columns_left_out);
    const deviations = listDeviations(store.events.list(id));
    const quoted = request.withText ? report.labels.disagreements : [];
    return {
      report_version: 1,
      made_at: new Date().toISOString(),
      made_by: `Longhaul ${readVersion()}`,
      experiment: describeExperiment(store, row),
      deviations: deviations.slice(0, MOST_EVENTS),
      n_deviations: deviations.length,
      label_source: request.labels.source(),
      ...report,
      quotes: store.reporting.quote(
        id,
        quoted.map(({ narrative_id: narrativeId }) => narrativeId),
      ),
    };
  });
}

function assertColumns(
  asked: readonly string[] | null,
  known: readonly string[],
  leftOut: readonly string[],
): void {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');
  const missing = asked?.find((name) => !known.some((column) => plain(column) === plain(name)));
  if (missing !== undefined) {
    const names =
      known.length === 0 ? 'It has none beside ids, texts and labels' : `It has ${known.join(', ')}`;
    throw new LonghaulError(`--by ${missing}: the data file has no such column. ${names}.`);
  }
  if (asked === null || leftOut.length === 0) return;
  throw new LonghaulError(
    `--by ${leftOut[0]}: it has too many different values to group by. Name a column of at most 200 values.`,
  );
}

function describeExperiment(store: Store, row: ExperimentRow): ExperimentFacts {
  const frozen = JSON.parse(row.frozen_config) as Partial<FrozenConfig>;
  const dataset = store.datasets.get(row.dataset_id);
  const sources = store.reporting.sources(row.experiment_id);
  return {
    experiment_id: row.experiment_id,
    experiment_name: row.experiment_name,
    replicate: row.replicate,
    status: row.status,
    status_reason: row.status_reason,
    fingerprint: row.fingerprint,
    author: row.prompt_author,
    notes: row.notes,
    model: row.model_name,
    reply_models: sources.models,
    provider: row.model_provider,
    temperature: row.temperature,
    max_tokens: frozen.maxTokens ?? null,
    seed: row.run_seed,
    endpoints: sources.endpoints,
    prompt_version: row.prompt_version,
    prompt_sha256: row.prompt_sha256,
    n_other_prompts_of_version: store.reporting.countOtherPrompts(row.experiment_id),
    data_file: row.data_file === null ? null : basename(row.data_file),
    file_sha256: dataset?.file_sha256 ?? null,
    texts_sha256: row.texts_sha256,
    n_in_dataset: dataset?.n_narratives ?? null,
    max_narratives: frozen.maxNarratives ?? null,
    n_twins: row.n_twins_total,
    created_at: row.created_at,
    start_time: row.start_time,
    end_time: row.end_time,
    active_seconds: row.total_runtime_sec,
    n_attempts: sources.nAttempts,
    n_calls: sources.nCalls,
    longhaul_version: row.longhaul_version,
  };
}

/** A pause lasts until the next event that sets the experiment going. */
function listDeviations(events: readonly EventRow[]): ReportedEvent[] {
  return events.flatMap(({ occurred_at: at, kind, detail }, index) => {
    if (ORDINARY.has(kind)) return [];
    const goesOn = events.slice(index + 1).find((later) => ['started', 'resumed'].includes(later.kind));
    const lasted = kind === 'paused' && goesOn !== undefined ? secondsBetween(at, goesOn.occurred_at) : null;
    return [{ at, kind, detail, lasted_seconds: lasted }];
  });
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
