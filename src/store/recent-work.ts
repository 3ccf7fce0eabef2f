/** What has been done lately, for those who watch: attempts as they come, the last answers, the tokens so far. */
import type { ErrorCategory } from '../experiment';
import type { ResultsDatabase } from './results-database';

/** A try at a narrative that has been saved. */
export interface SavedAttempt {
  attempt_id: number;
  experiment_id: string;
  /** UTC; end of its last call, so far as its calls followed one another. */
  ended_at_ms: number;
}

/** What came of one of the last narratives that were asked. */
export interface LastResult {
  incident_id: string;
  narrative_type: string;
  /** null = an error. */
  detected: 0 | 1 | null;
  confidence: number | null;
  error_category: ErrorCategory | null;
  response_sec: number | null;
  /** UTC. */
  processed_at: string | null;
  /** The beginning of the narrative; null = not asked for. */
  text: string | null;
}

/** Tokens over all results that say. */
export interface TokenSums {
  nTokens: number;
  nResults: number;
}

/** Attempts are saved as they end, whenever they began: an older start may stand behind a newer one. */
const LONGEST_ATTEMPT_MS = 15 * 60_000;

export class RecentWork {
  constructor(private readonly database: ResultsDatabase) {}

  /** Attempts of all experiments that were saved after the one with this id and ended since, newest first. */
  attemptsAfter(attemptId: number, sinceMs: number): SavedAttempt[] {
    const found: SavedAttempt[] = [];
    const rows = this.database.prepare(ATTEMPTS_AFTER).iterate(attemptId) as Iterable<
      Omit<SavedAttempt, 'ended_at_ms'> & { started_at: string; response_sec: number }
    >;
    for (const { started_at: startedAt, response_sec: seconds, ...attempt } of rows) {
      const startedAtMs = Date.parse(startedAt);
      if (startedAtMs < sinceMs - LONGEST_ATTEMPT_MS) break;
      const endedAtMs = startedAtMs + seconds * 1000;
      if (endedAtMs >= sinceMs) found.push({ ...attempt, ended_at_ms: endedAtMs });
    }
    return found;
  }

  /** What came of the last attempts, newest first; `textLength` characters of each narrative, 0 = none. */
  lastResults(experimentId: string, limit: number, textLength: number): LastResult[] {
    return this.database
      .prepare(LAST_RESULTS)
      .all({ experimentId, limit, textLength, within: limit * SEARCHED_PER_RESULT }) as LastResult[];
  }

  /** Tokens of prompts and replies together; by the index alone, because the rows themselves are long. */
  sumTokens(experimentId: string): TokenSums {
    return this.database
      .prepare(
        `SELECT coalesce(sum(tokens_used), 0) AS nTokens, count(tokens_used) AS nResults
         FROM narrative_results WHERE experiment_id = ?`,
      )
      .get(experimentId) as TokenSums;
  }
}

/** Attempts looked through for each result wanted: others' stand between, and one narrative may have had several. */
const SEARCHED_PER_RESULT = 50;

const ATTEMPTS_AFTER = `
SELECT attempt_id, experiment_id, started_at, response_sec FROM result_attempts
WHERE attempt_id > ? ORDER BY attempt_id DESC`;

const LAST_RESULTS = `
SELECT r.incident_id, r.narrative_type, r.detected, r.confidence, r.error_category, r.response_sec, r.processed_at,
  CASE WHEN $textLength > 0 THEN substr(coalesce(r.narrative_text, s.narrative_text), 1, $textLength) END AS text
FROM (SELECT narrative_id, max(attempt_id) AS attempt_id
      FROM (SELECT attempt_id, experiment_id, narrative_id FROM result_attempts ORDER BY attempt_id DESC LIMIT $within)
      WHERE experiment_id = $experimentId GROUP BY narrative_id) a
  CROSS JOIN narrative_results r ON r.experiment_id = $experimentId AND r.narrative_id = a.narrative_id
  CROSS JOIN source_narratives s ON s.narrative_id = r.narrative_id
ORDER BY a.attempt_id DESC LIMIT $limit`;
