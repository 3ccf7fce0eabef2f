/**
 * What a person is to be told. A row is written in the transaction of the event that it tells of and settled once it is
 * told, so that neither a crash nor a restart loses it or tells it again.
 */
import type { NotifyOccasion } from '../config/notify-settings';
import type { EventKind } from './events';
import type { ResultsDatabase } from './results-database';

/** `outdated`: it had passed before it could be told. */
export type NotificationOutcome = 'sent' | 'failed' | 'outdated';

/** Something that has not been told yet. */
export interface OpenNotification {
  event_id: number;
  experiment_id: string;
  occasion: NotifyOccasion;
  /** UTC. */
  occurred_at: string;
  detail: string | null;
  /** 1 = no waiting before it belongs to the same outage, and the outage is not over; 0 for other occasions. */
  begins_outage: 0 | 1;
}

/** An end of which a second event follows from the same work when a process died as it wrote the first. */
const ONCE_PER_WORK: readonly NotifyOccasion[] = ['completed', 'failed'];
/** An interruption was asked for by whoever stopped the process. */
const INTERRUPTED = 'interrupted';

export class Notifications {
  constructor(
    private readonly database: ResultsDatabase,
    private readonly now: () => Date,
  ) {}

  /** Notes that the event is to be told, if the experiment's settings ask for it; call it in the event's transaction. */
  note(experimentId: string, eventId: number | bigint, kind: EventKind, detail: string | null): void {
    const occasion = occasionOf(kind, detail);
    if (occasion === null) return;
    const isOnce = ONCE_PER_WORK.includes(occasion);
    this.database.prepare(NOTE).run({ experimentId, eventId, occasion, isOnce: isOnce ? 1 : 0 });
  }

  /** What is still to be told, oldest first. */
  listOpen(): OpenNotification[] {
    return this.database.prepare(OPEN).all() as OpenNotification[];
  }

  /** Ends it. */
  settle(eventId: number, outcome: NotificationOutcome): void {
    this.database
      .prepare('UPDATE notifications SET settled_at = ?, outcome = ? WHERE event_id = ?')
      .run(this.now().toISOString(), outcome, eventId);
  }
}

function occasionOf(kind: EventKind, detail: string | null): NotifyOccasion | null {
  if (kind === 'paused') return detail === INTERRUPTED ? null : 'paused';
  return kind === 'completed' || kind === 'waiting' || kind === 'failed' ? kind : null;
}

const NOTE = `
INSERT INTO notifications (event_id, experiment_id, occasion)
SELECT $eventId, experiment_id, $occasion FROM experiments e
WHERE experiment_id = $experimentId
  AND EXISTS (SELECT 1 FROM json_each(frozen_config, '$.notify.occasions') WHERE value = $occasion)
  AND NOT ($isOnce AND EXISTS (
    SELECT 1 FROM notifications n WHERE n.experiment_id = e.experiment_id AND n.occasion = $occasion
      AND NOT EXISTS (SELECT 1 FROM experiment_events later WHERE later.experiment_id = e.experiment_id
        AND later.event_id > n.event_id AND later.kind IN ('started', 'resumed', 'retry_requested'))))`;

const OPEN = `
SELECT n.event_id, n.experiment_id, n.occasion, v.occurred_at, v.detail,
  n.occasion = 'waiting' AND n.event_id = (
    SELECT min(w.event_id) FROM experiment_events w WHERE w.experiment_id = n.experiment_id AND w.kind = 'waiting'
      AND w.event_id > (SELECT coalesce(max(o.event_id), 0) FROM experiment_events o
        WHERE o.experiment_id = n.experiment_id
          AND o.kind IN ('went_on', 'paused', 'cancelled', 'completed', 'failed'))) AS begins_outage
FROM notifications n JOIN experiment_events v ON v.event_id = n.event_id
WHERE n.settled_at IS NULL ORDER BY n.event_id`;
