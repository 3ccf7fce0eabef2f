/** What is kept so that a stored reply can be read again, and what stood in its row before. */
export const ANSWER_READINGS = `
ALTER TABLE narrative_results ADD COLUMN
  answer_fields TEXT CHECK (answer_fields IS NULL OR json_valid(answer_fields)); -- all fields of the answer; null in error rows
ALTER TABLE narrative_results ADD COLUMN
  detected_hint INTEGER CHECK (detected_hint IN (0, 1)); -- error rows only: what the reply seems to say; never counted
ALTER TABLE narrative_results ADD COLUMN
  confidence_hint REAL CHECK (confidence_hint BETWEEN 0 AND 1);
ALTER TABLE narrative_results ADD COLUMN
  refusal TEXT;                      -- the model's own reason not to answer, beside the content; null = none
ALTER TABLE result_attempts ADD COLUMN reasoning TEXT;     -- these three: kept for errors only, as raw_response
ALTER TABLE result_attempts ADD COLUMN refusal TEXT;
ALTER TABLE result_attempts ADD COLUMN finish_reason TEXT;

CREATE TABLE replaced_readings (
  reading_id INTEGER PRIMARY KEY,
  result_id INTEGER NOT NULL REFERENCES narrative_results (result_id),
  experiment_id TEXT NOT NULL REFERENCES experiments (experiment_id),
  replaced_at TEXT NOT NULL,         -- UTC; when the stored reply was read again
  change TEXT NOT NULL,              -- error_to_answer, answer_to_error, decision_changed, ...
  reading TEXT NOT NULL CHECK (json_valid(reading)) -- the columns of narrative_results as they were
) STRICT;
CREATE INDEX idx_replaced_result ON replaced_readings (experiment_id, result_id);
`;
