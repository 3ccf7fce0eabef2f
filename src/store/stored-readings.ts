/**
 * Stored replies with what was read in them, and their replacement by another reading. A row without a reply of its own
 * (its last call failed) comes with the latest reply of an earlier attempt, a twin with those at the narrative asked.
 */
import type { ReplyText } from '../answer/parse-answer';
import type { ResultsDatabase } from './results-database';
import type { ReadingColumns } from './reading-columns';

/** One row of `narrative_results` with the reply behind it. */
export interface StoredReading {
  resultId: number;
  narrativeId: number;
  incidentId: string;
  narrativeType: string;
  /** null = no reply of this narrative was ever stored. */
  reply: ReplyText | null;
  /** Whether the reply is that of an earlier attempt than the row. */
  isOfEarlierAttempt: boolean;
  columns: ReadingColumns;
}

/** A reading that takes the place of the stored one. */
export interface Replacement {
  stored: StoredReading;
  columns: ReadingColumns;
  /** What is different; null = nothing that is worth a history. */
  change: string | null;
}

type Row = ReadingColumns & {
  resultId: number;
  narrativeId: number;
  incidentId: string;
  narrativeType: string;
  hasReply: 0 | 1;
  content: string | null;
  refusal: string | null;
  finishReason: string | null;
};

export class StoredReadings {
  private readonly selectReadings;
  private readonly selectLatestReply;
  private readonly insertReplaced;
  private readonly updateResult;

  constructor(
    private readonly database: ResultsDatabase,
    private readonly now: () => Date,
  ) {
    this.selectReadings = database.prepare(LIST_READINGS);
    this.selectLatestReply = database.prepare(LATEST_REPLY);
    this.insertReplaced = database.prepare(INSERT_REPLACED);
    this.updateResult = database.prepare(REPLACE_READING);
  }

  /** The next rows of an experiment after a narrative, in the order of the narratives. */
  list(experimentId: string, afterNarrativeId: number, limit: number): StoredReading[] {
    const rows = this.selectReadings.all({ experimentId, after: afterNarrativeId, limit }) as Row[];
    return rows.map((row) => this.toReading(experimentId, row));
  }

  /** Puts another reading into a row; where it differs in what it says, the old one goes into the history. */
  replace(experimentId: string, { stored, columns, change }: Replacement): void {
    const { resultId, reply } = stored;
    if (change !== null) {
      const reading = JSON.stringify(stored.columns);
      this.insertReplaced.run(resultId, experimentId, this.now().toISOString(), change, reading);
    }
    this.updateResult.run({
      ...columns,
      resultId,
      content: reply?.content ?? null,
      refusal: reply?.refusal ?? null,
      finishReason: reply?.finishReason ?? null,
    });
  }

  /** Brings the counters and the end status of an experiment in line with its rows. */
  recount(experimentId: string): void {
    this.database.prepare(RECOUNT).run({ experimentId });
    this.database
      .prepare(
        `UPDATE experiments SET status = iif(n_errors > 0, 'completed_with_errors', 'completed')
         WHERE experiment_id = ? AND status IN ('completed', 'completed_with_errors')`,
      )
      .run(experimentId);
  }

  private toReading(experimentId: string, row: Row): StoredReading {
    const { resultId, narrativeId, incidentId, narrativeType, ...rest } = row;
    const { hasReply, content, refusal, finishReason, ...columns } = rest;
    const own: ReplyText = { content, refusal, finishReason, reasoning: columns.reasoning };
    const reply = hasReply === 1 ? own : this.latestReply(experimentId, resultId);
    return {
      resultId,
      narrativeId,
      incidentId,
      narrativeType,
      reply,
      isOfEarlierAttempt: hasReply === 0,
      columns,
    };
  }

  private latestReply(experimentId: string, resultId: number): ReplyText | null {
    const reply = this.selectLatestReply.get(experimentId, resultId) as ReplyText | undefined;
    return reply ?? null;
  }
}

/** In the order of an index that has the experiment in front: otherwise each page would sort all that is left. */
const LIST_READINGS = `
SELECT result_id AS resultId, narrative_id AS narrativeId, incident_id AS incidentId, narrative_type AS narrativeType,
  parser_version IS NOT NULL OR raw_response IS NOT NULL AS hasReply, raw_response AS content, refusal,
  finish_reason AS finishReason, detected, confidence, confidence_text AS confidenceText, indicators, rationale,
  parse_notes AS parseNotes, answer_fields AS answerFields, reasoning_steps AS reasoning,
  parser_version AS parserVersion, error_occurred AS errorOccurred, error_message AS errorMessage,
  error_category AS errorCategory, error_code AS errorCode, http_status AS httpStatus,
  detected_hint AS detectedHint, confidence_hint AS confidenceHint
FROM narrative_results WHERE experiment_id = $experimentId AND narrative_id > $after ORDER BY narrative_id LIMIT $limit`;

const LATEST_REPLY = `
SELECT a.raw_response AS content, a.reasoning, a.refusal, a.finish_reason AS finishReason
FROM narrative_results r JOIN result_attempts a
  ON a.experiment_id = r.experiment_id AND a.narrative_id = coalesce(r.answer_of, r.narrative_id)
WHERE r.experiment_id = ? AND r.result_id = ?
  AND (a.raw_response IS NOT NULL OR a.reasoning IS NOT NULL OR a.refusal IS NOT NULL)
ORDER BY a.attempt_id DESC LIMIT 1`;

const INSERT_REPLACED = `
INSERT INTO replaced_readings (result_id, experiment_id, replaced_at, change, reading) VALUES (?, ?, ?, ?, ?)`;

const REPLACE_READING = `
UPDATE narrative_results SET detected = $detected, confidence = $confidence, confidence_text = $confidenceText,
  indicators = $indicators, rationale = $rationale, parse_notes = $parseNotes, answer_fields = $answerFields,
  reasoning_steps = $reasoning, parser_version = $parserVersion, error_occurred = $errorOccurred,
  first_error_message = iif(error_occurred = 1 AND $errorOccurred = 0,
    coalesce(first_error_message, error_message), first_error_message),
  error_message = $errorMessage, error_category = $errorCategory, error_code = $errorCode,
  http_status = $httpStatus, detected_hint = $detectedHint, confidence_hint = $confidenceHint,
  raw_response = $content, refusal = $refusal, finish_reason = $finishReason
WHERE result_id = $resultId`;

const RECOUNT = `
UPDATE experiments SET n_errors = c.errors, n_narratives_processed = c.answers, n_positive_detected = c.positive,
  n_negative_detected = c.answers - c.positive
FROM (SELECT coalesce(sum(error_occurred), 0) AS errors, coalesce(sum(1 - error_occurred), 0) AS answers,
    coalesce(sum(detected), 0) AS positive
  FROM narrative_results WHERE experiment_id = $experimentId) c
WHERE experiment_id = $experimentId`;
