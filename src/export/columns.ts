/** The columns of an export: those of `narrative_results` that users' notebooks know, in their order. */

/** A cell of a row as SQLite has it. */
export type ExportValue = string | number | null;

/** One result, by column. */
export type ExportRow = Readonly<Record<ExportColumn, ExportValue>>;

export const EXPORT_COLUMNS = [
  'result_id',
  'experiment_id',
  'incident_id',
  'narrative_type',
  'row_num',
  'narrative_text',
  'manual_flag_ind',
  'manual_flag',
  'detected',
  'confidence',
  'indicators',
  'rationale',
  'reasoning_steps',
  'raw_response',
  'response_sec',
  'processed_at',
  'error_occurred',
  'error_message',
  'prompt_tokens',
  'completion_tokens',
  'tokens_used',
  'is_true_positive',
  'is_true_negative',
  'is_false_positive',
  'is_false_negative',
] as const;

/** Those of an experiment that asks each text once: the last tells which row was asked instead; null = this one. */
export const ASK_ONCE_COLUMNS = [...EXPORT_COLUMNS, 'answer_of_row_num'] as const;

export type ExportColumn = (typeof ASK_ONCE_COLUMNS)[number];

/** The cells of a row in the order of the columns. */
export function cellsOf(row: ExportRow, columns: readonly ExportColumn[]): ExportValue[] {
  return columns.map((column) => row[column]);
}
