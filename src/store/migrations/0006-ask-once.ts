/** Which narratives take the answer of another with the same text. Such a narrative is called a twin of the other. */
export const ASK_ONCE = `
ALTER TABLE experiment_narratives ADD COLUMN
  same_text_as INTEGER;              -- position of the first narrative with this text, whose answer it takes; null = asked itself
CREATE INDEX idx_twins ON experiment_narratives (experiment_id, same_text_as) WHERE same_text_as IS NOT NULL;
ALTER TABLE narrative_results ADD COLUMN
  answer_of INTEGER REFERENCES source_narratives (narrative_id); -- narrative that was asked in place of this one; null = itself
ALTER TABLE experiments ADD COLUMN n_twins_total INTEGER NOT NULL DEFAULT 0;     -- list entries with same_text_as
ALTER TABLE experiments ADD COLUMN n_twins_completed INTEGER NOT NULL DEFAULT 0; -- results with answer_of
`;
