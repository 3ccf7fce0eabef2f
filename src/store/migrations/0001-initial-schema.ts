const SOURCES = `
CREATE TABLE results_file (
  id TEXT NOT NULL,                  -- 8 hex digits; names the task queue of this file
  created_at TEXT NOT NULL           -- UTC
) STRICT;

CREATE TABLE datasets (
  dataset_id INTEGER PRIMARY KEY,
  texts_sha256 TEXT NOT NULL UNIQUE, -- over the ordered ids, types and texts; labels are not in it
  file_sha256 TEXT NOT NULL,         -- of the file last seen with these texts
  file_md5 TEXT NOT NULL,
  source_path TEXT NOT NULL,
  n_narratives INTEGER NOT NULL,
  load_report TEXT NOT NULL CHECK (json_valid(load_report)),
  imported_at TEXT NOT NULL          -- UTC
) STRICT;

CREATE TABLE source_narratives (
  narrative_id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident_id TEXT NOT NULL,
  narrative_type TEXT NOT NULL,
  narrative_text TEXT,
  manual_flag_ind INTEGER CHECK (manual_flag_ind IN (0, 1)), -- label of this narrative; null = not labelled
  manual_flag INTEGER CHECK (manual_flag IN (0, 1)),         -- label of the incident; null = not labelled
  data_source TEXT,
  data_checksum TEXT,                -- MD5 of the file, as older tools expect
  loaded_at TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets (dataset_id),
  attributes TEXT CHECK (attributes IS NULL OR json_valid(attributes)), -- further columns of the data file
  UNIQUE (dataset_id, incident_id, narrative_type)
) STRICT;
CREATE INDEX idx_source_incident ON source_narratives (incident_id);
CREATE INDEX idx_source_type ON source_narratives (narrative_type);
CREATE INDEX idx_source_manual ON source_narratives (manual_flag_ind);
`;

const EXPERIMENTS = `
CREATE TABLE experiments (
  experiment_id TEXT PRIMARY KEY NOT NULL,
  experiment_name TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN
    ('pending', 'running', 'waiting_llm', 'paused', 'completed', 'completed_with_errors', 'failed', 'cancelled')),
  model_name TEXT NOT NULL,
  model_provider TEXT,
  temperature REAL NOT NULL,
  system_prompt TEXT NOT NULL,
  user_template TEXT NOT NULL,
  prompt_version TEXT,
  prompt_author TEXT,
  run_seed INTEGER,
  data_file TEXT,
  n_narratives_total INTEGER NOT NULL,
  n_narratives_processed INTEGER NOT NULL DEFAULT 0, -- rows with an answer
  n_narratives_skipped INTEGER NOT NULL DEFAULT 0,
  n_narratives_completed INTEGER NOT NULL DEFAULT 0, -- rows of either kind: equals count(*) of narrative_results
  last_progress_update TEXT,
  estimated_completion_time TEXT,    -- UTC; null = no evidence yet, or nothing left
  start_time TEXT NOT NULL,
  end_time TEXT,
  total_runtime_sec REAL NOT NULL DEFAULT 0,         -- seconds in which a process worked on it
  avg_time_per_narrative_sec REAL,   -- mean of response_sec
  api_url TEXT,
  r_version TEXT,
  os_info TEXT,
  hostname TEXT,
  n_positive_detected INTEGER NOT NULL DEFAULT 0,
  n_negative_detected INTEGER NOT NULL DEFAULT 0,
  n_positive_manual INTEGER,
  n_negative_manual INTEGER,
  accuracy REAL,                     -- over labelled rows with an answer; null = none
  precision_ipv REAL,
  recall_ipv REAL,
  f1_ipv REAL,
  n_false_positive INTEGER,
  n_false_negative INTEGER,
  n_true_positive INTEGER,
  n_true_negative INTEGER,
  pct_overlap_with_manual REAL,
  csv_file TEXT,
  json_file TEXT,
  log_dir TEXT,
  created_at TEXT NOT NULL,
  notes TEXT,
  fingerprint TEXT NOT NULL,         -- SHA-256 of all that can change an answer
  replicate INTEGER NOT NULL DEFAULT 1,
  status_reason TEXT,                -- why it is paused or failed; null = nothing to say
  dataset_id INTEGER NOT NULL REFERENCES datasets (dataset_id),
  texts_sha256 TEXT NOT NULL,        -- over the selected narratives, in order
  prompt_sha256 TEXT NOT NULL,
  frozen_config TEXT NOT NULL CHECK (json_valid(frozen_config)),     -- what a resume uses, whatever the file says
  endpoint_config TEXT NOT NULL CHECK (json_valid(endpoint_config)), -- what may change between resumes; no key
  batch_size INTEGER NOT NULL CHECK (batch_size > 0),
  n_errors INTEGER NOT NULL DEFAULT 0,
  narratives_per_minute REAL,        -- recent rate; null = no evidence yet
  longhaul_version TEXT NOT NULL
) STRICT;
CREATE INDEX idx_status ON experiments (status);
CREATE INDEX idx_model_name ON experiments (model_name);
CREATE INDEX idx_prompt_version ON experiments (prompt_version);
CREATE INDEX idx_created_at ON experiments (created_at);
CREATE INDEX idx_experiment_name ON experiments (experiment_name);

CREATE TABLE experiment_narratives (
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  position INTEGER NOT NULL,         -- 0-based; batch k holds positions k * batch_size and up
  narrative_id INTEGER NOT NULL REFERENCES source_narratives (narrative_id),
  PRIMARY KEY (experiment_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_passes (
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  pass INTEGER NOT NULL,             -- 0 = the first pass over the list; each retry of errors is the next
  categories TEXT CHECK (categories IS NULL OR json_valid(categories)), -- list of error categories; null = all
  n_requested INTEGER NOT NULL,      -- narratives that the pass was to ask when it was made
  requested_at TEXT NOT NULL,
  finished_at TEXT,                  -- null = not finished
  PRIMARY KEY (experiment_id, pass)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_events (
  event_id INTEGER PRIMARY KEY,
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  occurred_at TEXT NOT NULL,
  kind TEXT NOT NULL,                -- created, started, resumed, paused, completed, endpoint_changed, ...
  detail TEXT                        -- never a text, prompt, reply or key
) STRICT;
CREATE INDEX idx_events_experiment ON experiment_events (experiment_id, event_id);
`;

const RESULTS = `
CREATE TABLE narrative_results (
  result_id INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  incident_id TEXT NOT NULL,
  narrative_type TEXT NOT NULL,
  row_num INTEGER,                   -- 1-based position in the experiment's list
  narrative_text TEXT,               -- null in new rows: see narrative_results_with_text
  manual_flag_ind INTEGER,
  manual_flag INTEGER,
  detected INTEGER CHECK (detected IN (0, 1)),             -- null exactly in error rows
  confidence REAL CHECK (confidence BETWEEN 0 AND 1),
  indicators TEXT CHECK (indicators IS NULL OR json_valid(indicators)),
  rationale TEXT,
  reasoning_steps TEXT,
  raw_response TEXT,                 -- content of the reply as it came; null = there was none
  response_sec REAL,
  processed_at TEXT,
  error_occurred INTEGER NOT NULL DEFAULT 0 CHECK (error_occurred IN (0, 1)),
  error_message TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  tokens_used INTEGER,
  is_true_positive INTEGER,          -- these four: null where label or answer is missing; set at each finish
  is_true_negative INTEGER,
  is_false_positive INTEGER,
  is_false_negative INTEGER,
  narrative_id INTEGER NOT NULL REFERENCES source_narratives (narrative_id),
  pass INTEGER NOT NULL,
  error_category TEXT,
  error_code TEXT,
  http_status INTEGER,
  n_attempts INTEGER NOT NULL,       -- tries over all passes
  n_calls INTEGER NOT NULL,          -- HTTP requests over all tries
  first_error_message TEXT,          -- the error that a later try replaced
  parser_version INTEGER,
  parse_notes TEXT CHECK (parse_notes IS NULL OR json_valid(parse_notes)),
  confidence_text TEXT,
  finish_reason TEXT,
  response_id TEXT,
  response_model TEXT,
  endpoint TEXT,
  CHECK ((error_occurred = 1) = (detected IS NULL))
) STRICT;
CREATE UNIQUE INDEX idx_exp_incident_type ON narrative_results (experiment_id, incident_id, narrative_type);
CREATE UNIQUE INDEX idx_exp_narrative ON narrative_results (experiment_id, narrative_id);
CREATE INDEX idx_exp_error ON narrative_results (experiment_id, pass) WHERE error_occurred = 1;
CREATE INDEX idx_detected ON narrative_results (experiment_id, detected);
CREATE INDEX idx_exp_tokens ON narrative_results (experiment_id, tokens_used);

CREATE TABLE result_attempts (
  attempt_id INTEGER PRIMARY KEY,
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  narrative_id INTEGER NOT NULL REFERENCES source_narratives (narrative_id),
  pass INTEGER NOT NULL,
  n_calls INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  response_sec REAL NOT NULL,
  error_category TEXT,               -- null = answered
  error_code TEXT,
  http_status INTEGER,
  error_message TEXT,
  raw_response TEXT                  -- kept here for errors only; an answer's stands in its result
) STRICT;
CREATE INDEX idx_attempts ON result_attempts (experiment_id, narrative_id);

CREATE VIEW narrative_results_with_text AS
SELECT r.*, coalesce(r.narrative_text, s.narrative_text) AS text, s.attributes, s.dataset_id
FROM narrative_results r JOIN source_narratives s ON s.narrative_id = r.narrative_id;
`;

/** The tables as the first version made them. */
export const INITIAL_SCHEMA = SOURCES + EXPERIMENTS + RESULTS;
