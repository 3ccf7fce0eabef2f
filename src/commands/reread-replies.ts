/** Reads the stored replies of an experiment again, with this version of the parser and the experiment's settings. */
import { parsedOutcome } from '../activities/parsed-outcome';
import type { FrozenConfig } from '../config/frozen-config';
import { score } from '../metrics/score';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { readingColumns } from '../store/reading-columns';
import type { Replacement, StoredReading } from '../store/stored-readings';
import { areSameReadings, compareReadings, type ReadingChange } from './compare-readings';

/** A narrative whose reply says something else than its row. No text is in it. */
export interface ChangedReading {
  incident_id: string;
  narrative_type: string;
  change: ReadingChange;
  before: ReadingSummary;
  after: ReadingSummary;
}

/** The decision, or the code or category of the error. */
export interface ReadingSummary {
  detected: boolean | null;
  confidence: number | null;
  error: string | null;
}

/** What reading again comes to. */
export interface Rereading {
  nRead: number;
  /** Rows of which no reply is stored. */
  nWithoutReply: number;
  /** Rows that say the same, but lack what this version keeps besides, or its number. */
  nRefreshed: number;
  changes: ChangedReading[];
}

/** A row and its reply at a time are held in memory. */
const PAGE_ROWS = 200;

/** Reads all replies; with `apply` what is different goes into the rows. The caller owns the file and a transaction. */
export function rereadReplies(store: Store, experiment: ExperimentRow, apply: boolean): Rereading {
  const { answer } = JSON.parse(experiment.frozen_config) as FrozenConfig;
  const id = experiment.experiment_id;
  const rereading: Rereading = { nRead: 0, nWithoutReply: 0, nRefreshed: 0, changes: [] };
  for (const stored of allReadings(store, id)) {
    if (stored.reply === null) {
      rereading.nWithoutReply += 1;
      continue;
    }
    rereading.nRead += 1;
    const replacement = reread(stored, stored.reply, answer);
    if (replacement === null) continue;
    if (replacement.change === null) rereading.nRefreshed += 1;
    else rereading.changes.push(summarize(replacement, replacement.change));
    if (apply) store.storedReadings.replace(id, replacement);
  }
  return rereading;
}

/** Counters, flags, metrics and status of an experiment after its rows have changed. */
export function refreshExperiment(store: Store, experimentId: string): void {
  store.storedReadings.recount(experimentId);
  const confusion = store.completion.refreshFlags(experimentId);
  const status = store.experiments.get(experimentId)?.status;
  if (status === 'completed' || status === 'completed_with_errors') {
    store.completion.saveMetrics(experimentId, confusion, score(confusion));
  }
}

function* allReadings(store: Store, experimentId: string): Generator<StoredReading> {
  for (let after = 0; ;) {
    const page = store.storedReadings.list(experimentId, after, PAGE_ROWS);
    yield* page;
    if (page.length < PAGE_ROWS) return;
    after = page.at(-1)!.narrativeId;
  }
}

type NewReading = Replacement & { change: ReadingChange | null };

/** null = the row stays as it is. An earlier attempt's reply counts only if it is an answer now. */
function reread(
  stored: StoredReading,
  reply: NonNullable<StoredReading['reply']>,
  settings: FrozenConfig['answer'],
): NewReading | null {
  const columns = readingColumns(parsedOutcome(reply, settings));
  if (stored.isOfEarlierAttempt && columns.errorOccurred === 1) return null;
  if (areSameReadings(stored.columns, columns)) return null;
  return { stored, columns, change: compareReadings(stored.columns, columns) };
}

function summarize({ stored, columns }: Replacement, change: ReadingChange): ChangedReading {
  return {
    incident_id: stored.incidentId,
    narrative_type: stored.narrativeType,
    change,
    before: summaryOf(stored.columns),
    after: summaryOf(columns),
  };
}

function summaryOf({
  detected,
  confidence,
  errorCode,
  errorCategory,
}: StoredReading['columns']): ReadingSummary {
  return {
    detected: detected === null ? null : detected === 1,
    confidence,
    error: errorCode ?? errorCategory,
  };
}
