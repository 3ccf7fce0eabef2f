/** What a worker knows of the model servers of its experiments, for those who look, and what it found out about them. */
export const ENDPOINTS = `
CREATE TABLE endpoint_states (
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  endpoint TEXT NOT NULL,            -- scheme, host and port
  concurrency INTEGER NOT NULL,      -- calls in flight that are allowed
  in_flight INTEGER NOT NULL,        -- of all experiments of the worker
  health TEXT NOT NULL CHECK (health IN ('open', 'closed', 'left_out')),
  reason TEXT,                       -- why it is closed or left out; null = it is open
  updated_at TEXT NOT NULL,          -- UTC; an old one says nothing about now
  PRIMARY KEY (experiment_id, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE found_concurrency (
  endpoint TEXT NOT NULL,
  model_name TEXT NOT NULL,
  concurrency INTEGER NOT NULL,      -- calls in flight beyond which no more tokens were answered
  found_at TEXT NOT NULL,            -- UTC
  PRIMARY KEY (endpoint, model_name)
) STRICT, WITHOUT ROWID;
`;
