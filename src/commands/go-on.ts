/** What a service does first: whatever happened to Temporal or to the results file meanwhile, the file is right. */
import { WORKING_STATUSES } from '../experiment';
import type { Store } from '../store/open-store';
import type { TemporalService } from '../temporal/temporal-service';
import { cancelWorkflow, pauseWorkflow, startWorkflow } from './experiment-workflow';

/** Brings Temporal to what SQLite says: what was running is open, what was paused or cancelled meanwhile is not; gives what goes on. */
export async function goOn(client: TemporalService['client'], store: Store): Promise<string[]> {
  const going: string[] = [];
  for (const { experiment_id: experimentId, status } of store.experiments.list()) {
    if (WORKING_STATUSES.includes(status)) {
      await startWorkflow(client, store, experimentId);
      going.push(experimentId);
    } else if (status === 'paused') await pauseWorkflow(client, experimentId);
    else if (status === 'cancelled') await cancelWorkflow(client, experimentId);
  }
  return going;
}
