/** The document behind a page that compares two experiments: `compare --json` prints it. */
import type { ComparisonStatistics } from './comparison-figures';

/** One of the two experiments. */
export interface ComparedExperiment {
  experiment_id: string;
  experiment_name: string;
  status: string;
  model: string;
  temperature: number;
  prompt_version: string | null;
  prompt_sha256: string;
  start_time: string;
  end_time: string | null;
  n_answered: number;
  n_errors: number;
}

/** The whole document. */
export interface ComparisonReport {
  made_at: string;
  made_by: string;
  first: ComparedExperiment;
  second: ComparedExperiment;
  same_prompt: boolean;
  /** What differs in their settings, a line each, without prompts. */
  differences: string[];
  notice: string | null;
  statistics: ComparisonStatistics;
}
