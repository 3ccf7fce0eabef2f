/**
 * The activity that ends an experiment: brings labels, flags and metrics up to date, checks the counts against the rows,
 * writes the files that the config asks for and sets the end status. What grows with the number of results is done some
 * rows at a time, so that all else in the process goes on meanwhile; cut off, it is begun again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExperimentOutcome, ExperimentStatus } from '../experiment';
import { score } from '../metrics/score';
import type { RefreshedCounts, RowCounts } from '../store/completion';
import type { Store } from '../store/open-store';
import { exportAtFinish, type FinalExport } from './export-at-finish';
import { outcomeOf } from './outcome-of';

/** Ends it; `betweenParts` is called between parts of the work, and what it throws ends the work before its end. */
export async function finishExperiment(
  store: Store,
  experimentId: string,
  betweenParts: () => void,
): Promise<ExperimentOutcome> {
  const parts = finishInParts(store, experimentId);
  try {
    for (;;) {
      const { done, value } = parts.next();
      if (done === true) return value;
      await nextTurn();
      betweenParts();
    }
  } finally {
    parts.return(undefined as never);
  }
}

/**
 * The same, a part with each step. The end is `failed` if counts do not add up. An experiment with a pass that was added
 * meanwhile stays as it is, running, and one that was cancelled meanwhile stays cancelled.
 */
export function* finishInParts(store: Store, experimentId: string): Generator<void, ExperimentOutcome> {
  const version = store.versionByOthers();
  const refreshed = yield* refreshInParts(store, experimentId);
  const exported = addsUp(store.completion.count(experimentId))
    ? yield* exportAtFinish(store, experimentId, new Date())
    : null;
  return store.inTransaction(() => {
    const row = store.experiments.get(experimentId)!;
    if (store.passes.current(experimentId) !== null || row.status === 'cancelled') return outcomeOf(row);
    // Another process may have brought other labels meanwhile: then all is counted once more, at once.
    const isCurrent = store.versionByOthers() === version;
    const confusion = isCurrent ? refreshed : store.completion.refreshFlags(experimentId);
    store.progress.mark(experimentId);
    store.completion.saveMetrics(experimentId, confusion, score(confusion));
    setEnd(store, experimentId, exported);
    return outcomeOf(store.experiments.get(experimentId)!);
  });
}

function* refreshInParts(store: Store, experimentId: string): Generator<void, RefreshedCounts> {
  const slices = store.completion.refreshInSlices(experimentId);
  for (;;) {
    const { done, value } = store.inTransaction(() => slices.next());
    if (done === true) return value;
    yield;
  }
}

function setEnd(store: Store, experimentId: string, exported: FinalExport): void {
  const counts = store.completion.count(experimentId);
  const reason = addsUp(counts) ? null : describeMismatch(counts);
  const status: ExperimentStatus =
    reason !== null ? 'failed' : counts.nErrors > 0 ? 'completed_with_errors' : 'completed';
  store.experiments.setStatus(experimentId, status, reason);
  store.events.add(experimentId, reason === null ? 'completed' : 'failed', reason ?? status);
  if (exported === null) return;
  if ('failure' in exported) store.events.add(experimentId, 'export_failed', exported.failure);
  else store.experiments.setOutputFiles(experimentId, exported);
}

function addsUp({ nRows, nTotal, countersAgree }: RowCounts): boolean {
  return nRows === nTotal && countersAgree;
}

function describeMismatch({ nRows, nTotal, countersAgree }: RowCounts): string {
  return `counts do not add up: ${nRows} results for ${nTotal} narratives, counters ${
    countersAgree ? 'agree' : 'disagree'
  } with the rows`;
}
