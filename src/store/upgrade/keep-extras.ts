/** Columns that neither the predecessor nor this program knows are kept, under their names, at the end of their tables. */
import type { ResultsDatabase } from '../results-database';
import { columnsOf, quoteName, setAsideName, type RebuiltTable } from './older-table';

const KNOWN_COLUMNS: Readonly<Record<RebuiltTable, string>> = {
  source_narratives:
    'narrative_id incident_id narrative_type narrative_text manual_flag_ind manual_flag data_source data_checksum loaded_at',
  experiments:
    'experiment_id experiment_name status model_name model_provider temperature system_prompt user_template prompt_version prompt_author run_seed data_file n_narratives_total n_narratives_processed n_narratives_skipped n_narratives_completed last_progress_update estimated_completion_time start_time end_time total_runtime_sec avg_time_per_narrative_sec api_url r_version os_info hostname n_positive_detected n_negative_detected n_positive_manual n_negative_manual accuracy precision_ipv recall_ipv f1_ipv n_false_positive n_false_negative n_true_positive n_true_negative pct_overlap_with_manual csv_file json_file log_dir created_at notes',
  narrative_results:
    'result_id experiment_id incident_id narrative_type row_num narrative_text manual_flag_ind manual_flag detected confidence indicators rationale reasoning_steps raw_response response_sec processed_at error_occurred error_message prompt_tokens completion_tokens tokens_used is_true_positive is_true_negative is_false_positive is_false_negative',
};

/** How a row of a rebuilt table `n` finds its older row `o`. */
const SAME_ROW: Readonly<Record<RebuiltTable, string>> = {
  source_narratives: 'o.rowid = n.narrative_id',
  experiments: 'CAST(o.experiment_id AS TEXT) = n.experiment_id',
  narrative_results: 'o.rowid = n.result_id',
};

/** Adds the unknown columns with their values; a name that is taken gets `legacy_` before it. */
export function keepExtras(database: ResultsDatabase): string[] {
  return (Object.keys(KNOWN_COLUMNS) as RebuiltTable[]).flatMap((table) => {
    const known = KNOWN_COLUMNS[table].split(' ');
    const isKnown = (column: string): boolean => known.includes(column.toLowerCase());
    return columnsOf(database, setAsideName(table))
      .filter((column) => !isKnown(column))
      .map((column) => keepColumn(database, table, column));
  });
}

function keepColumn(database: ResultsDatabase, table: RebuiltTable, column: string): string {
  const taken = new Set(columnsOf(database, table).map((name) => name.toLowerCase()));
  let name = column;
  while (taken.has(name.toLowerCase())) name = `legacy_${name}`;
  database.exec(`ALTER TABLE ${table} ADD COLUMN ${quoteName(name)} ANY`);
  database.exec(
    `UPDATE ${table} AS n SET ${quoteName(name)} = o.${quoteName(column)}
     FROM ${setAsideName(table)} o WHERE ${SAME_ROW[table]}`,
  );
  return `The column ${table}.${column}, which this program does not know, is kept${name === column ? '' : ` as ${name}`}.`;
}
