/** The moment at which an experiment begins to be worked on, or goes on. */
import type { Store } from '../store/open-store';
import type { TemporalService } from '../temporal/temporal-service';
import { workflowPageOf } from '../temporal/workflow-page';
import type { CommandContext } from './command-context';

/** Marks the experiment as running and notes whether it is a start or a resume. */
export function beginWork(store: Store, experimentId: string): void {
  store.inTransaction(() => {
    const isFirst = store.experiments.get(experimentId)!.status === 'pending';
    store.experiments.setStatus(experimentId, 'running', null);
    store.events.add(experimentId, isFirst ? 'started' : 'resumed');
  });
}

/** Says what is going to be done, and where to look. */
export function announce(
  { output }: CommandContext,
  store: Store,
  experimentId: string,
  service: Pick<TemporalService, 'uiUrl' | 'namespace'>,
): void {
  const row = store.experiments.get(experimentId)!;
  const done = row.n_narratives_completed;
  output.message(
    `${done === 0 ? 'Running' : `Resuming at ${done} of`} ${row.n_narratives_total} narratives: ${experimentId}`,
  );
  const page = workflowPageOf(service, experimentId);
  output.message(`Results ${store.file}`);
  if (page !== null) output.message(`Web UI ${page}`);
}
