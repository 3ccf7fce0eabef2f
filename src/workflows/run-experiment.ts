/**
 * The workflow of an experiment: a sliding window of open batches over the frozen list, pass by pass, until SQLite
 * says that nothing is open. Beyond whether it is paused it holds no state of its own: killed, reset or continued as
 * new, it asks SQLite again which batches are open.
 */
import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities';
import {
  EXPERIMENT_BLOCKED,
  type BatchOutcome,
  type ExperimentOutcome,
  type RunExperimentInput,
} from '../experiment';
import { listenForMessages, type Messages } from './messages';
import { showAttributes } from './search-attributes';
import { showOutcome, showProgress } from './show-standing';

/** Batches listed at once; a run continues as new long before it has worked through them. */
const LIST_LIMIT = 500;
/** Rounds over the open batches that may save nothing before it counts as a fault of ours. */
const FRUITLESS_ROUNDS = 3;

const database = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

/** It goes through all results once more; killed, it is begun again by whoever takes over. */
const ending = proxyActivities<Activities>({
  startToCloseTimeout: '1 day',
  heartbeatTimeout: '20s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

const model = proxyActivities<Activities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '20s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

/** Runs an experiment to its end. Paused, by a message or because nothing can be asked, it waits to be resumed. */
export async function runExperiment(input: RunExperimentInput): Promise<ExperimentOutcome> {
  const { experimentId } = input;
  const messages = listenForMessages((categories) => database.requestRetry({ experimentId, categories }));
  try {
    for (;;) {
      const pausedBy = await workUntilPaused(input, messages);
      if (pausedBy !== null) {
        const outcome = await database.stopExperiment({ experimentId, status: 'paused', reason: pausedBy });
        showOutcome(outcome);
        await condition(() => messages.pausedBy === null);
        continue;
      }
      messages.forgetRetryRequest();
      const outcome = await ending.finishExperiment(experimentId);
      showOutcome(outcome);
      await condition(allHandlersFinished);
      // A retry that was asked for in time has kept it running; one asked for since needs another round.
      if (outcome.status !== 'running' && !messages.isRetryRequested()) return outcome;
    }
  } catch (error) {
    if (isCancellation(error)) {
      const outcome = await CancellationScope.nonCancellable(() =>
        database.stopExperiment({ experimentId, status: 'cancelled', reason: 'cancelled by hand' }),
      );
      showOutcome(outcome);
    }
    throw error;
  }
}

/** Works until nothing is open (null) or a pause is due (its reason). Throws ContinueAsNew when the history is long. */
async function workUntilPaused(input: RunExperimentInput, messages: Messages): Promise<string | null> {
  try {
    const isDone = await messages.whileNotPaused(() => workThroughPasses(input));
    if (isDone) return null;
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    const blockedBy = blockedReason(error);
    if (blockedBy !== null) messages.pausedBy ??= blockedBy;
    if (messages.pausedBy === null) throw error;
    return messages.pausedBy;
  }
  await condition(allHandlersFinished);
  return await continueAsNew<typeof runExperiment>(input);
}

/** Opens the experiment and labels pass by pass; false = the history is long and work may be left. */
async function workThroughPasses(input: RunExperimentInput): Promise<boolean> {
  const { experimentId } = input;
  const opened = await database.openExperiment(experimentId);
  showAttributes(opened.searchAttributes);
  await model.preflight(experimentId);
  for (
    let pass: number | null = opened.pass;
    pass !== null;
    pass = await database.finishPass.executeWithOptions({ summary: `pass ${pass} ends` }, [
      experimentId,
      pass,
    ])
  ) {
    if (!(await labelPass(input, pass, opened.window))) return false;
  }
  return true;
}

/** Labels what is open in a pass; false = the history is long and work may be left. */
async function labelPass(input: RunExperimentInput, pass: number, window: number): Promise<boolean> {
  const { experimentId } = input;
  for (let fruitless = 0; fruitless < FRUITLESS_ROUNDS;) {
    const open = await database.listOpenBatches.executeWithOptions(
      { summary: `open batches of pass ${pass}` },
      [{ experimentId, pass, limit: LIST_LIMIT }],
    );
    if (open.length === 0) return true;
    const saved = await labelBatches(input, pass, open, window);
    if (isHistoryLong(input)) return false;
    fruitless = saved === 0 ? fruitless + 1 : 0;
  }
  throw ApplicationFailure.nonRetryable(
    'open batches were worked through and nothing was saved',
    'NoProgress',
  );
}

/** Works through the batches, `window` at once and without a barrier; gives the number of results saved. */
async function labelBatches(
  input: RunExperimentInput,
  pass: number,
  open: number[],
  window: number,
): Promise<number> {
  let saved = 0;
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const failures: unknown[] = [];
    const lanes: Promise<void>[] = [];
    const openLanes = (wanted: number): void => {
      while (lanes.length < wanted)
        lanes.push(
          work().catch((error: unknown) => {
            failures.push(error);
            scope.cancel();
          }),
        );
    };
    const work = async (): Promise<void> => {
      while (open.length > 0 && !scope.consideredCancelled && !isHistoryLong(input)) {
        const batch = open.shift()!;
        const outcome = await labelBatch(input.experimentId, pass, batch);
        saved += outcome.saved;
        const progress = outcome.progress ?? (await database.recordProgress(input.experimentId));
        if (!scope.consideredCancelled) showProgress(progress);
        openLanes(progress.window ?? window);
      }
    };
    openLanes(window);
    for (const lane of lanes) await lane; // lanes that are opened meanwhile are waited for, too
    if (failures.length > 0) throw failures[0];
    if (scope.consideredCancelled) await scope.cancelRequested;
  });
  return saved;
}

function labelBatch(experimentId: string, pass: number, batch: number): Promise<BatchOutcome> {
  return model.labelBatch.executeWithOptions({ summary: `pass ${pass} · batch ${batch}` }, [
    { experimentId, pass, batch },
  ]);
}

function isHistoryLong(input: RunExperimentInput): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength > (input.maxHistoryLength ?? Infinity);
}

function blockedReason(error: unknown): string | null {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || cause.type !== EXPERIMENT_BLOCKED) return null;
  return cause.message;
}
