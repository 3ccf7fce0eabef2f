/**
 * Which activity works on which batch. Rows that a dead owner left tell its successor which activities to take over
 * at once instead of waiting for their heartbeats to time out.
 */
import type { BatchReference } from '../experiment';
import type { ResultsDatabase } from './open-database';

/** The Temporal ids by which another process can end a batch's activity. */
export interface ActivityIds {
  workflowId: string;
  runId: string;
  activityId: string;
}

export class OpenBatches {
  constructor(
    private readonly database: ResultsDatabase,
    private readonly now: () => Date,
  ) {}

  /** Notes that an activity has begun a batch; a later activity of the same batch replaces an earlier one. */
  open(batch: BatchReference, activity: ActivityIds): void {
    this.database
      .prepare(
        `INSERT OR REPLACE INTO open_batches
           (experiment_id, batch, pass, workflow_id, run_id, activity_id, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        batch.experimentId,
        batch.batch,
        batch.pass,
        activity.workflowId,
        activity.runId,
        activity.activityId,
        this.now().toISOString(),
      );
  }

  /** Notes that this activity has left the batch; no effect where another has taken it over. */
  close(batch: BatchReference, activity: ActivityIds): void {
    this.database
      .prepare(
        'DELETE FROM open_batches WHERE experiment_id = ? AND batch = ? AND run_id = ? AND activity_id = ?',
      )
      .run(batch.experimentId, batch.batch, activity.runId, activity.activityId);
  }

  /** Removes and returns all rows: at boot, what a dead owner left. */
  takeAll(): ActivityIds[] {
    const rows = this.database
      .prepare('DELETE FROM open_batches RETURNING workflow_id, run_id, activity_id')
      .all();
    return (rows as { workflow_id: string; run_id: string; activity_id: string }[]).map((row) => ({
      workflowId: row.workflow_id,
      runId: row.run_id,
      activityId: row.activity_id,
    }));
  }
}
