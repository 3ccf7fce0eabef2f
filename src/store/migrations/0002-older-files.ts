/** What an upgrade of an older file leaves behind. */
export const OLDER_FILES = `
CREATE TABLE results_file_upgrades (
  upgrade_id INTEGER PRIMARY KEY,
  upgraded_at TEXT NOT NULL,         -- UTC
  from_schema INTEGER NOT NULL,      -- 0 = made by the older program
  to_schema INTEGER NOT NULL,
  backup_file TEXT NOT NULL,         -- name of the copy that was made before, beside the results file
  report TEXT NOT NULL CHECK (json_valid(report)) -- list of sentences
) STRICT;

ALTER TABLE experiments ADD COLUMN not_resumable TEXT; -- why it cannot go on; null = it can
ALTER TABLE result_attempts ADD COLUMN older_row TEXT CHECK (older_row IS NULL OR json_valid(older_row));
-- a result of an older file as it was, where it was removed as a duplicate or could not be kept unchanged
`;
