/** What an experiment's calls are made with, decided by the preflight before its first narrative; null = not decided. */
export const EFFECTIVE_PARAMETERS = `
ALTER TABLE experiments ADD COLUMN effective_parameters TEXT
  CHECK (effective_parameters IS NULL OR json_valid(effective_parameters));
`;
