/** What Temporal holds of a study that has ended. */
import { join } from 'node:path';
import { withLeftTemporal } from '../helpers/left-temporal';

/** Of all runs of all workflows, those that continued as new included. */
export interface HistoryLength {
  runs: number;
  events: number;
}

/** Reads it from the database that the client has left beside the results file. */
export async function historyOf(folder: string, db: string): Promise<HistoryLength> {
  const left = { databaseFile: `${db}.temporal.db`, logFile: join(folder, 'history.log') };
  const length = await withLeftTemporal(left, async (client) => {
    const all = { runs: 0, events: 0 };
    for await (const { workflowId, runId } of client.workflow.list()) {
      const { historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
      all.runs += 1;
      all.events += historyLength;
    }
    return all;
  });
  if (length === null) throw new Error(`there is no ${left.databaseFile}`);
  return length;
}
