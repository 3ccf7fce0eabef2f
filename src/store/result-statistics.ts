/** Sums over an experiment's results that are read when somebody looks: time, tokens, errors by category. */
import type { ErrorCategory } from '../experiment';
import type { ResultsDatabase } from './results-database';

/** Time and tokens over all results; nulls = no result says. */
export interface ResultStatistics {
  minSec: number | null;
  meanSec: number | null;
  maxSec: number | null;
  promptTokens: number | null;
  completionTokens: number | null;
  meanTokens: number | null;
  maxTokens: number | null;
  nAttempts: number;
  nCalls: number;
  meanConfidence: number | null;
}

/** How many error rows there are of a category; null = an older program gave none. */
export interface ErrorCount {
  category: ErrorCategory | null;
  count: number;
}

export class Statistics {
  constructor(private readonly database: ResultsDatabase) {}

  /** Sums over the results as they are now. */
  summarize(experimentId: string): ResultStatistics {
    return this.database.prepare(SUMMARIZE).get(experimentId) as ResultStatistics;
  }

  /** Error rows by category, the most frequent first. */
  countErrors(experimentId: string): ErrorCount[] {
    return this.database
      .prepare(
        `SELECT error_category AS category, count(*) AS count FROM narrative_results
         WHERE experiment_id = ? AND error_occurred = 1 GROUP BY error_category ORDER BY count DESC, category`,
      )
      .all(experimentId) as ErrorCount[];
  }
}

const SUMMARIZE = `
SELECT min(response_sec) AS minSec, avg(response_sec) AS meanSec, max(response_sec) AS maxSec,
  sum(prompt_tokens) AS promptTokens, sum(completion_tokens) AS completionTokens,
  avg(tokens_used) AS meanTokens, max(tokens_used) AS maxTokens,
  coalesce(sum(n_attempts), 0) AS nAttempts, coalesce(sum(n_calls), 0) AS nCalls, avg(confidence) AS meanConfidence
FROM narrative_results WHERE experiment_id = ?`;
