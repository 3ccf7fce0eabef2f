/** What happened to an experiment, in order: started, resumed, paused and why, endpoint changed and the like. */
import type { Notifications } from './notifications';
import type { ResultsDatabase } from './results-database';

export type EventKind =
  | 'created'
  | 'started'
  | 'resumed'
  | 'paused'
  | 'waiting'
  | 'went_on'
  | 'cancelled'
  | 'completed'
  | 'failed'
  | 'retry_requested'
  | 'endpoint_changed'
  | 'endpoint_left_out'
  | 'endpoint_back'
  | 'concurrency_changed'
  | 'parameters_decided'
  | 'parameters_adjusted'
  | 'preflight_warning'
  | 'settings_changed'
  | 'notify_failed'
  | 'export_failed'
  | 'backed_up'
  | 'backup_failed'
  | 'labels_changed'
  | 'upgraded'
  | 'reparsed';

/** One event; `detail` never holds a text, prompt, reply or key. */
export interface EventRow {
  occurred_at: string;
  kind: EventKind;
  detail: string | null;
}

export class Events {
  constructor(
    private readonly database: ResultsDatabase,
    private readonly notifications: Notifications,
    private readonly now: () => Date,
  ) {}

  /** Appends one event, and notes it where a person is to be told. */
  add(experimentId: string, kind: EventKind, detail: string | null = null): void {
    this.database.transaction(() => {
      const { lastInsertRowid } = this.database
        .prepare(
          'INSERT INTO experiment_events (experiment_id, occurred_at, kind, detail) VALUES (?, ?, ?, ?)',
        )
        .run(experimentId, this.now().toISOString(), kind, detail);
      this.notifications.note(experimentId, lastInsertRowid, kind, detail);
    })();
  }

  /** All events of an experiment, oldest first. */
  list(experimentId: string): EventRow[] {
    return this.database
      .prepare(
        'SELECT occurred_at, kind, detail FROM experiment_events WHERE experiment_id = ? ORDER BY event_id',
      )
      .all(experimentId) as EventRow[];
  }

  /** Events of an experiment after a numbered one, oldest first. */
  listAfter(experimentId: string, eventId: number): (EventRow & { event_id: number })[] {
    return this.database
      .prepare(
        `SELECT event_id, occurred_at, kind, detail FROM experiment_events
         WHERE experiment_id = ? AND event_id > ? ORDER BY event_id`,
      )
      .all(experimentId, eventId) as (EventRow & { event_id: number })[];
  }
}
