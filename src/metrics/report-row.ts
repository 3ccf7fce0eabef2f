/** What the report looks at in a result. */

/** One result with its narrative and label; nulls = not known. */
export interface ReportRow {
  narrative_id: number;
  incident_id: string;
  narrative_type: string;
  /** The beginning of the narrative is enough. */
  text: string | null;
  /** Further columns of the data file as a JSON object. */
  attributes: string | null;
  /** null = an error row. */
  detected: 0 | 1 | null;
  confidence: number | null;
  /** Label of the narrative. */
  label: 0 | 1 | null;
  /** Label of the incident. */
  incident_label: 0 | 1 | null;
  error_category: string | null;
  response_sec: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  processed_at: string | null;
}
