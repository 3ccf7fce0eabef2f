/** Files as the older program made them, in any of its shapes. */
import Database from 'better-sqlite3';

/** Which features the program had that made the file. */
export interface OlderShape {
  checksum?: boolean;
  resume?: boolean;
  tokens?: boolean;
  errors?: boolean;
  uniqueIndex?: boolean;
  sourceTable?: boolean;
}

/** Values by column. */
export type OlderValues = Record<string, string | number | null>;

/** What stands in the file. */
export interface OlderContent {
  sources?: OlderValues[];
  experiments?: OlderValues[];
  results?: OlderValues[];
}

const SOURCE_COLUMNS = `narrative_id INTEGER PRIMARY KEY AUTOINCREMENT, incident_id TEXT NOT NULL,
  narrative_type TEXT NOT NULL, narrative_text TEXT, manual_flag_ind INTEGER, manual_flag INTEGER, data_source TEXT`;

const EXPERIMENT_COLUMNS = `experiment_id TEXT PRIMARY KEY, experiment_name TEXT NOT NULL, status TEXT DEFAULT 'running',
  model_name TEXT NOT NULL, model_provider TEXT, temperature REAL NOT NULL, system_prompt TEXT NOT NULL,
  user_template TEXT NOT NULL, prompt_version TEXT, prompt_author TEXT, run_seed INTEGER, data_file TEXT,
  n_narratives_total INTEGER, n_narratives_processed INTEGER, n_narratives_skipped INTEGER`;

const RESUME_COLUMNS = `n_narratives_completed INTEGER DEFAULT 0, last_progress_update TEXT, estimated_completion_time TEXT`;

const LATER_EXPERIMENT_COLUMNS = `start_time TEXT NOT NULL, end_time TEXT, total_runtime_sec REAL,
  avg_time_per_narrative_sec REAL, api_url TEXT, r_version TEXT, os_info TEXT, hostname TEXT,
  n_positive_detected INTEGER, n_negative_detected INTEGER, n_positive_manual INTEGER, n_negative_manual INTEGER,
  accuracy REAL, precision_ipv REAL, recall_ipv REAL, f1_ipv REAL, n_false_positive INTEGER, n_false_negative INTEGER,
  n_true_positive INTEGER, n_true_negative INTEGER, pct_overlap_with_manual REAL, csv_file TEXT, json_file TEXT,
  log_dir TEXT, created_at TEXT NOT NULL, notes TEXT`;

const RESULT_COLUMNS = `result_id INTEGER PRIMARY KEY AUTOINCREMENT, experiment_id TEXT, incident_id TEXT NOT NULL,
  narrative_type TEXT NOT NULL, row_num INTEGER, narrative_text TEXT, manual_flag_ind INTEGER, manual_flag INTEGER,
  detected INTEGER, confidence REAL, indicators TEXT, rationale TEXT, reasoning_steps TEXT, raw_response TEXT,
  response_sec REAL, processed_at TEXT`;

const FLAG_COLUMNS = `is_true_positive INTEGER, is_true_negative INTEGER, is_false_positive INTEGER,
  is_false_negative INTEGER`;

/** Makes a file of that shape; `alsoSql` is run at the end. */
export function makeOlderFile(
  file: string,
  content: OlderContent,
  { checksum, resume, tokens, errors, uniqueIndex, sourceTable }: OlderShape = {},
  alsoSql = '',
): void {
  const database = new Database(file);
  database.pragma('foreign_keys = OFF');
  const has = (feature: boolean | undefined): boolean => feature !== false;
  if (has(sourceTable)) {
    database.exec(`CREATE TABLE source_narratives (${SOURCE_COLUMNS}${has(checksum) ? ', data_checksum TEXT' : ''},
      loaded_at TEXT NOT NULL, UNIQUE(incident_id, narrative_type));
      CREATE INDEX idx_source_incident ON source_narratives (incident_id);`);
  }
  database.exec(`CREATE TABLE experiments (${EXPERIMENT_COLUMNS}${has(resume) ? `, ${RESUME_COLUMNS}` : ''},
    ${LATER_EXPERIMENT_COLUMNS});
    CREATE INDEX idx_status ON experiments (status);
    CREATE TABLE narrative_results (${RESULT_COLUMNS}
      ${has(errors) ? ', error_occurred INTEGER DEFAULT 0, error_message TEXT' : ''}
      ${has(tokens) ? ', prompt_tokens INTEGER, completion_tokens INTEGER, tokens_used INTEGER' : ''}, ${FLAG_COLUMNS},
      FOREIGN KEY (experiment_id) REFERENCES experiments (experiment_id));
    CREATE INDEX idx_detected ON narrative_results (detected);`);
  if (has(uniqueIndex)) {
    database.exec(
      'CREATE UNIQUE INDEX idx_exp_incident_type ON narrative_results (experiment_id, incident_id, narrative_type)',
    );
  }
  database.transaction(() => {
    for (const row of content.sources ?? []) insert(database, 'source_narratives', { ...SOURCE, ...row });
    for (const row of content.experiments ?? []) insert(database, 'experiments', { ...EXPERIMENT, ...row });
    for (const row of content.results ?? []) insert(database, 'narrative_results', { ...RESULT, ...row });
  })();
  database.exec(alsoSql);
  database.close();
}

/** A file of the full shape: `nSources` sources and one experiment with results for the first `nResults`. */
export function studyOf(
  nSources: number,
  nResults: number,
  experiment: OlderValues = {},
  result: (index: number) => OlderValues = () => ({}),
): Required<OlderContent> {
  const numbers = (n: number): number[] => Array.from({ length: n }, (_, index) => index);
  return {
    sources: numbers(nSources).map((index) => ({ ...idOf(index), narrative_text: textOf(index) })),
    experiments: [{ n_narratives_total: nSources, ...experiment }],
    results: numbers(nResults).map((index) => ({
      ...idOf(index),
      row_num: index + 1,
      narrative_text: textOf(index),
      ...result(index),
    })),
  };
}

/** The made-up text of a narrative. */
export const textOf = (index: number): string => `Made-up case ${index}: nothing of note.`;

/** Id of the older experiment that files have when they say nothing else. */
export const OLDER_ID = '3f2b8a52-9d3e-4a49-8a58-0f4f5b1d7c11';

const idOf = (index: number): OlderValues => ({
  incident_id: String(200_001 + index),
  narrative_type: 'cme',
});

const SOURCE: OlderValues = { data_source: 'data/study.xlsx', loaded_at: '2025-10-27 09:00:00' };
const EXPERIMENT: OlderValues = {
  experiment_id: OLDER_ID,
  experiment_name: 'older study',
  status: 'running',
  model_name: 'some-model',
  temperature: 0.2,
  system_prompt: 'Answer in JSON.',
  user_template: 'Text: <<TEXT>>',
  prompt_version: 'v1',
  data_file: 'data/study.xlsx',
  start_time: '2025-10-27 10:00:00',
  created_at: '2025-10-27 10:00:00',
  api_url: 'http://localhost:1234/v1/chat/completions',
};
const RESULT: OlderValues = {
  experiment_id: OLDER_ID,
  detected: 0,
  confidence: 0.9,
  indicators: '[{}]',
  rationale: 'nothing in it',
  raw_response: '{"detected": false}',
  response_sec: 5,
  processed_at: '2025-10-27 10:00:05',
};

function insert(database: Database.Database, table: string, values: OlderValues): void {
  const columns = (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const used = Object.keys(values).filter((column) => columns.includes(column));
  database
    .prepare(
      `INSERT INTO ${table} (${used.join(', ')}) VALUES (${used.map((column) => `$${column}`).join(', ')})`,
    )
    .run(values);
}
