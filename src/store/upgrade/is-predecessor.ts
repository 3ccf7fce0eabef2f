/** Knows the predecessor's database by its tables: it never set an application id or a version. */
import type { ResultsDatabase } from '../results-database';
import { columnsOf } from './older-table';

/** Columns without which a table of that name is not the predecessor's; every shape that it ever had holds them. */
const TELLING_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  experiments: ['experiment_id', 'experiment_name', 'model_name', 'system_prompt', 'user_template'],
  narrative_results: ['experiment_id', 'incident_id', 'narrative_type', 'narrative_text', 'detected'],
};

/** Whether the tables are those of the predecessor, in any of its shapes; the source table may be missing. */
export function isPredecessor(database: ResultsDatabase): boolean {
  const hasTables = Object.entries(TELLING_COLUMNS).every(([table, telling]) => {
    const columns = columnsOf(database, table);
    return telling.every((column) => columns.includes(column));
  });
  if (!hasTables) return false;
  const source = columnsOf(database, 'source_narratives');
  return source.length === 0 || (source.includes('incident_id') && source.includes('narrative_type'));
}
