/**
 * The activity that labels one batch: all its open narratives, in order, as the limiter lets them through. It heartbeats
 * counts; told to stop, it makes no new call, lets those in flight finish and be saved, and returns what is left.
 */
import { Context } from '@temporalio/activity';
import type { BatchOutcome, BatchReference } from '../experiment';
import { blockedBy } from './blocked-by';
import type { ActivityDependencies } from './dependencies';
import { experimentBlocked } from './failure';
import { labelNarrative, type NarrativeOutcome } from './label-narrative';
import type { ExperimentModel } from './experiment-model';
import { ModelUnusable } from './model-unusable';
import { noteEndpointStates } from './note-endpoint-states';
import { tryLeftOut } from './try-left-out';
import { writeIfPossible } from './write-if-possible';

const HEARTBEAT_EVERY_MS = 1000;
const LEAST_MS_BETWEEN_LOOKS = 900;

/** Labels the batch. Throws the failure that pauses the experiment when the model server cannot be used. */
export async function labelBatch(
  dependencies: ActivityDependencies,
  batch: BatchReference,
): Promise<BatchOutcome> {
  const { store, models } = dependencies;
  const model = models.of(batch.experimentId);
  const context = Context.current();
  const unusable = new AbortController();
  const stop = AbortSignal.any([context.cancellationSignal, dependencies.stopping, unusable.signal]);
  const outcome: BatchOutcome = { saved: 0, errors: 0, left: 0 };
  const failures: unknown[] = [];
  const heartbeats = setInterval(() => {
    context.heartbeat({ ...outcome });
    writeIfPossible(() => store.progress.tick(batch.experimentId));
    if (dependencies.isFileInPlace()) lookAfterEndpoints(dependencies, model, stop);
  }, HEARTBEAT_EVERY_MS);
  try {
    writeIfPossible(() => store.progress.tick(batch.experimentId));
    const narratives = store.passes.listNarrativesToLabel(batch.experimentId, batch.pass, batch.batch);
    outcome.left = narratives.length;
    await models.whileWorking(model, () =>
      inTurn(narratives, (narrative, onTurn) =>
        labelNarrative({ dependencies, model, batch, narrative, stop, onTurn }).then(
          (kind) => count(outcome, kind),
          (error: unknown) => {
            failures.push(error);
            unusable.abort();
          },
        ),
      ),
    );
    if (failures.length > 0) throw failureOf(failures[0], model);
    return outcome;
  } finally {
    clearInterval(heartbeats);
  }
}

/**
 * Runs the work for all items; each begins as soon as the one before has its turn or has ended, so that of a batch one
 * stands in line and the others take no memory but their texts. The work must not reject.
 */
async function inTurn<T>(
  items: readonly T[],
  work: (item: T, onTurn: () => void) => Promise<void>,
): Promise<void> {
  const begun: Promise<void>[] = [];
  let nBegun = 0;
  const begin = (index: number): void => {
    if (index !== nBegun || index === items.length) return;
    nBegun += 1;
    const goOn = (): void => begin(index + 1);
    begun.push(work(items[index]!, goOn).then(goOn));
  };
  begin(0);
  for (const one of begun) await one; // those that begin meanwhile are waited for, too
}

function count(outcome: BatchOutcome, kind: NarrativeOutcome): void {
  if (kind === 'left') return;
  outcome.left -= 1;
  outcome.saved += 1;
  if (kind === 'error') outcome.errors += 1;
}

/**
 * Takes over another concurrency, tries servers again that were left out, and notes how all of them stand; about once a
 * second, however many batches are open.
 */
function lookAfterEndpoints(
  { store, models }: ActivityDependencies,
  model: ExperimentModel,
  stop: AbortSignal,
): void {
  const nowMs = performance.now();
  if (nowMs - model.lookedAfterAtMs < LEAST_MS_BETWEEN_LOOKS) return;
  model.lookedAfterAtMs = nowMs;
  writeIfPossible(() => {
    const current = models.of(model.experimentId);
    tryLeftOut(store, current, stop);
    noteEndpointStates(store, current);
  });
}

function failureOf(error: unknown, { settings }: ExperimentModel): unknown {
  if (!(error instanceof ModelUnusable)) return error;
  return experimentBlocked(blockedBy(error.fault, new URL(settings.apiUrl).origin));
}
