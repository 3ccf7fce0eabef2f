/** What a person is to be told or has been told: a row is written together with the event that it tells of. */
export const NOTIFICATIONS = `
CREATE TABLE notifications (
  event_id INTEGER PRIMARY KEY NOT NULL REFERENCES experiment_events (event_id),
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  occasion TEXT NOT NULL,            -- completed, paused, waiting, failed
  settled_at TEXT,                   -- UTC; null = still to be told
  outcome TEXT                       -- sent, failed, or outdated: it had passed before it was told
) STRICT;
CREATE INDEX idx_open_notifications ON notifications (event_id) WHERE settled_at IS NULL;
`;
