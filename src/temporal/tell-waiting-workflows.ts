/**
 * Tells the workflow of an experiment when its model server goes and when it comes back: meanwhile no batch ends, so that
 * its page would go on showing that all is well. It costs five events of its history each time.
 */
import type { Client } from '@temporalio/client';
import type { AttributeRhythm } from '../activities/attribute-rhythm';
import { progressOf } from '../activities/progress-of';
import { PROGRESS_SIGNAL, workflowIdOf, type ExperimentProgress, type ExperimentStatus } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';

const LOOK_EVERY_MS = 2000;
/** A server that comes and goes is told of no more often. */
const LEAST_MS_BETWEEN = 30_000;

interface Told {
  status: ExperimentStatus;
  atMs: number;
}

/** Looks every two seconds until the returned function is called. */
export function tellWaitingWorkflows(
  store: Pick<Store, 'experiments'>,
  attributes: AttributeRhythm,
  signal: (experimentId: string, progress: ExperimentProgress) => Promise<void>,
): () => void {
  const told = new Map<string, Told>();
  const look = (): void => {
    for (const row of store.experiments.list()) {
      if (!isNews(row, told.get(row.experiment_id))) continue;
      told.set(row.experiment_id, { status: row.status, atMs: performance.now() });
      // It only changes what is shown: a workflow that has just ended, or a server that is away, needs no word.
      signal(row.experiment_id, { ...lastingProgressOf(row), searchAttributes: attributes.now(row) }).catch(
        () => {},
      );
    }
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch {
      // a results file that cannot be read now is looked at again
    }
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** Signals the workflow of an experiment. */
export function progressSignalOf(client: Client) {
  return (experimentId: string, progress: ExperimentProgress): Promise<void> =>
    client.workflow.getHandle(workflowIdOf(experimentId)).signal(PROGRESS_SIGNAL, progress);
}

/** When the next try is changes with each try, of which it is not told. */
function lastingProgressOf(row: ExperimentRow): ExperimentProgress {
  const progress = progressOf(row);
  return { ...progress, reason: row.status_reason?.replace(/; (next try at|trying now).*$/, '') ?? null };
}

/** Every other change of status is known to the workflow, which makes it. */
function isNews({ status }: ExperimentRow, last: Told | undefined): boolean {
  if (status === 'waiting_llm') {
    if (last?.status === 'waiting_llm') return false;
    return last === undefined || performance.now() - last.atMs >= LEAST_MS_BETWEEN;
  }
  return status === 'running' && last?.status === 'waiting_llm';
}
