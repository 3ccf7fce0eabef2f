/**
 * Runs an experiment in this process: owns the results file, starts the embedded Temporal server and a worker, takes
 * over what a dead owner left, and follows the experiment until it stops or Ctrl-C stops it.
 */
import type { ExitCode } from '../errors';
import { WORKING_STATUSES } from '../experiment';
import { describeDiskTrouble, diskTroubleOf } from '../store/disk-trouble';
import { openStore, type Store } from '../store/open-store';
import { startEmbedded } from '../temporal/embedded-service';
import type { TemporalService } from '../temporal/temporal-service';
import type { CommandContext } from './command-context';
import type { StartDecision } from './decide-start';
import { exitCodeOf, printNothingToDo, printOutcome } from './experiment-outcome';
import { ownResultsFile, type Ownership } from './own-results-file';
import { listenForDrain } from './worker-host';

/** Decides, with the results file open for writing, what to do, and makes what has to be made. */
export type Prepare = (store: Store) => StartDecision;

/** Runs what `prepare` decides. Throws HeldByAnotherError, ResultsFileError, TemporalUnavailableError. */
export async function runHere(
  context: CommandContext,
  expectedExperimentId: string | null,
  prepare: Prepare,
): Promise<ExitCode> {
  const ownership = await ownResultsFile(context.resultsFile, 'foreground', expectedExperimentId);
  try {
    const store = openStore(context.resultsFile);
    try {
      const decision = prepare(store);
      if (decision.kind === 'nothing') return printNothingToDo(context, store, decision);
      ownership.update({ experimentId: decision.experimentId });
      return await runExperiment(context, store, ownership, decision.experimentId);
    } finally {
      store.close();
    }
  } finally {
    ownership.end();
  }
}

async function runExperiment(
  context: CommandContext,
  store: Store,
  ownership: Ownership,
  experimentId: string,
): Promise<ExitCode> {
  const { output, resultsFile, environment } = context;
  const signals = listenForDrain(context);
  let service: TemporalService | null = null;
  try {
    service = await startEmbedded(resultsFile, environment, (message) => output.error(message));
    ownership.update({ temporalAddress: service.address, uiUrl: service.uiUrl });
    const { workHere } = await import('./work-here.js');
    if (!signals.stopping.aborted)
      await workHere(context, { store, service, signals, ownership, experimentId });
  } finally {
    try {
      if (signals.stopping.aborted) recordInterruption(context, store, experimentId);
    } finally {
      await service?.close(); // else its guard would keep this process alive
      signals.dispose();
    }
  }
  printOutcome(context, store, experimentId);
  return exitCodeOf(store.experiments.get(experimentId)!.status);
}

/** Without the record it is as after a crash: the next start or resume goes on all the same. */
function recordInterruption({ output }: CommandContext, store: Store, experimentId: string): void {
  const { status } = store.experiments.get(experimentId)!;
  if (!WORKING_STATUSES.includes(status)) return;
  try {
    store.inTransaction(() => {
      store.progress.mark(experimentId);
      store.experiments.setStatus(experimentId, 'paused', 'interrupted');
      store.events.add(experimentId, 'paused', 'interrupted');
    });
  } catch (error) {
    const code = diskTroubleOf(error);
    if (code === null) throw error;
    output.error(
      `That it was interrupted could not be noted: ${describeDiskTrouble(code)}. Nothing is lost.`,
    );
  }
}
