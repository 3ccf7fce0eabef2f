/** Tells of a batch, from its begin to its end. */
import type { BatchOutcome, BatchReference } from '../experiment';
import type { WorkObserver } from './work-event';

/** Does the work of a batch and tells `observe` when it began and what became of it. */
export async function observeBatch(
  observe: WorkObserver,
  batch: BatchReference,
  work: () => Promise<BatchOutcome>,
): Promise<BatchOutcome> {
  const sinceMs = performance.now();
  observe({ kind: 'batch_began', batch });
  let outcome: BatchOutcome | null = null;
  try {
    outcome = await work();
    return outcome;
  } finally {
    observe({ kind: 'batch_ended', batch, outcome, tookMs: performance.now() - sinceMs });
  }
}
