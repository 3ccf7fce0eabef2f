/** The document behind a report: `report --json` prints it, and every number of the page comes from it. */
import type { FiguresReport } from './experiment-figures';

/** Something that happened between start and end. Times are UTC. */
export interface ReportedEvent {
  at: string;
  kind: string;
  detail: string | null;
  /** How long a pause lasted; null = not a pause, or it lasts. */
  lasted_seconds: number | null;
}

/** What was run; nulls = not known. */
export interface ExperimentFacts {
  experiment_id: string;
  experiment_name: string;
  replicate: number;
  status: string;
  status_reason: string | null;
  fingerprint: string;
  author: string | null;
  notes: string | null;
  model: string;
  /** Names that the server gave in its replies. */
  reply_models: string[];
  provider: string | null;
  temperature: number;
  max_tokens: number | null;
  seed: number | null;
  endpoints: string[];
  prompt_version: string | null;
  prompt_sha256: string;
  /** Other prompts in the results file that go by the same version. */
  n_other_prompts_of_version: number;
  data_file: string | null;
  file_sha256: string | null;
  texts_sha256: string;
  /** Narratives in the data file, and how many of the first were asked for; null = all. */
  n_in_dataset: number | null;
  max_narratives: number | null;
  /** Narratives that take the answer of another with the same text. */
  n_twins: number;
  created_at: string;
  start_time: string;
  end_time: string | null;
  /** Seconds in which a process worked on it. */
  active_seconds: number;
  n_attempts: number;
  n_calls: number;
  longhaul_version: string;
}

/** A disagreement as it is reported; text and rationale only where texts were asked for. */
export interface QuotedText {
  narrative_id: number;
  narrative_text: string | null;
  rationale: string | null;
}

/** The whole document. */
export interface ExperimentReport extends FiguresReport {
  report_version: 1;
  made_at: string;
  made_by: string;
  experiment: ExperimentFacts;
  /** Pauses, resumes, changed endpoints and the like; the ordinary begin and end are left out. */
  deviations: ReportedEvent[];
  n_deviations: number;
  label_source: { kind: 'results file' } | { kind: 'file'; file: string; n_entries: number; n_used: number };
  /** Texts of the listed disagreements; empty = not asked for. */
  quotes: QuotedText[];
}
