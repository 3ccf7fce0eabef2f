/**
 * Saves results: the row of a narrative, the attempt behind it and the experiment's counters change in one
 * transaction, and so do the results of its twins. An answer is never replaced; an error gives way to an answer or to
 * the error of a later pass.
 */
import type { Answer, AnswerHint } from '../answer/parse-answer';
import type { ErrorCategory } from '../experiment';
import type { ResultsDatabase } from './results-database';
import { FLAG_COLUMNS, flagAssignments, flagValues } from './confusion-flags';
import type { Progress } from './progress';
import { readingColumns } from './reading-columns';
import type { Twins } from './twins';

/** What one try at a narrative ended with. */
export type Outcome =
  | { kind: 'answer'; answer: Answer; parserVersion: number }
  | {
      kind: 'error';
      category: ErrorCategory;
      code: string | null;
      httpStatus: number | null;
      message: string;
      reasoning: string | null;
      /** null = no reply was parsed. */
      parserVersion: number | null;
      /** What the reply seems to say; absent = nothing. */
      hint?: AnswerHint;
    };

/** What the server said about its reply; nulls = it did not say. */
export interface ReplyFacts {
  raw: string | null;
  /** The model's own reason not to answer. */
  refusal: string | null;
  model: string | null;
  responseId: string | null;
  finishReason: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  totalTokens: number | null;
}

/** One try at a narrative, ready to be saved. */
export interface ResultToSave {
  experimentId: string;
  position: number;
  narrativeId: number;
  pass: number;
  /** UTC, ISO 8601. */
  startedAt: string;
  /** Wall time of the last call. */
  responseMs: number;
  calls: number;
  endpoint: string;
  outcome: Outcome;
  /** null = no reply came. */
  reply: ReplyFacts | null;
}

/** How saved results move an experiment's counters. */
interface CounterChange {
  /** Results, and those of them whose narratives were asked themselves. */
  saved: number;
  asked: number;
  completed: number;
  errors: number;
  positive: number;
  negative: number;
  twins: number;
}

const NO_CHANGE: CounterChange = {
  saved: 0,
  asked: 0,
  completed: 0,
  errors: 0,
  positive: 0,
  negative: 0,
  twins: 0,
};

interface StoredResult {
  result_id: number;
  error_occurred: 0 | 1;
  pass: number;
}

export class Results {
  private readonly selectStored;
  private readonly insertAttempt;
  private readonly insertResult;
  private readonly updateResult;
  private readonly moveCounters;

  constructor(
    private readonly database: ResultsDatabase,
    private readonly progress: Progress,
    private readonly twins: Twins,
    private readonly now: () => Date,
  ) {
    this.selectStored = database.prepare(
      'SELECT result_id, error_occurred, pass FROM narrative_results WHERE experiment_id = ? AND narrative_id = ?',
    );
    this.insertAttempt = database.prepare(INSERT_ATTEMPT);
    this.insertResult = database.prepare(INSERT_RESULT);
    this.updateResult = database.prepare(UPDATE_RESULT);
    this.moveCounters = database.prepare(MOVE_COUNTERS);
  }

  /** Saves results in one immediate transaction: all or none. Durable when it returns. */
  save(results: readonly ResultToSave[]): void {
    this.database
      .transaction(() => {
        const changes = new Map<string, CounterChange>();
        const haveTwins = new Map<string, boolean>();
        for (const result of results) {
          const { experimentId } = result;
          const change = changes.get(experimentId) ?? { ...NO_CHANGE };
          changes.set(experimentId, change);
          const hasTwins = haveTwins.get(experimentId) ?? this.twins.areIn(experimentId);
          haveTwins.set(experimentId, hasTwins);
          this.saveOne(result, change, hasTwins);
        }
        for (const [experimentId, change] of changes) {
          this.moveCounters.run({ experimentId, ...change });
          this.progress.note(experimentId, change);
        }
      })
      .immediate();
  }

  /** Whether the narrative has an answer, or an error of this pass or a later one. */
  isSettled(experimentId: string, narrativeId: number, pass: number): boolean {
    const stored = this.selectStored.get(experimentId, narrativeId) as StoredResult | undefined;
    return stored !== undefined && (stored.error_occurred === 0 || stored.pass >= pass);
  }

  private saveOne(result: ResultToSave, change: CounterChange, hasTwins: boolean): void {
    const row = this.toRow(result);
    this.insertAttempt.run(row);
    const stored = this.selectStored.get(result.experimentId, result.narrativeId) as StoredResult | undefined;
    const isError = result.outcome.kind === 'error';
    let count: number;
    if (stored === undefined) {
      const { changes, lastInsertRowid } = this.insertResult.run(row);
      if (changes !== 1) {
        throw new Error(`position ${result.position} of ${result.experimentId} is not on its frozen list`);
      }
      count = 1 + (hasTwins ? this.twins.follow(lastInsertRowid) : 0);
      change.completed += count;
      change.twins += count - 1;
      if (isError) change.errors += count;
    } else {
      const gives = stored.error_occurred === 1 && (!isError || result.pass > stored.pass);
      if (!gives) return;
      this.updateResult.run({ ...row, resultId: stored.result_id });
      count = 1 + (hasTwins ? this.twins.follow(stored.result_id) : 0);
      if (!isError) change.errors -= count;
    }
    change.saved += count;
    change.asked += 1;
    if (result.outcome.kind === 'answer')
      change[result.outcome.answer.detected ? 'positive' : 'negative'] += count;
  }

  private toRow(result: ResultToSave): Record<string, string | number | null> {
    const { outcome, reply } = result;
    const reading = readingColumns(outcome);
    const isError = outcome.kind === 'error';
    return {
      experimentId: result.experimentId,
      position: result.position,
      narrativeId: result.narrativeId,
      pass: result.pass,
      nCalls: result.calls,
      startedAt: result.startedAt,
      processedAt: this.now().toISOString(),
      responseSec: result.responseMs / 1000,
      endpoint: result.endpoint,
      ...reading,
      raw: reply?.raw ?? null,
      refusal: reply?.refusal ?? null,
      attemptRaw: isError ? (reply?.raw ?? null) : null,
      attemptReasoning: isError ? reading.reasoning : null,
      responseModel: reply?.model ?? null,
      responseId: reply?.responseId ?? null,
      finishReason: reply?.finishReason ?? null,
      promptTokens: reply?.promptTokens ?? null,
      completionTokens: reply?.completionTokens ?? null,
      totalTokens: reply?.totalTokens ?? null,
    };
  }
}

const INSERT_ATTEMPT = `
INSERT INTO result_attempts (experiment_id, narrative_id, pass, n_calls, started_at, response_sec, error_category,
  error_code, http_status, error_message, raw_response, reasoning, refusal, finish_reason)
VALUES ($experimentId, $narrativeId, $pass, $nCalls, $startedAt, $responseSec, $errorCategory,
  $errorCode, $httpStatus, $errorMessage, $attemptRaw, $attemptReasoning, $refusal, $finishReason)`;

const INSERT_RESULT = `
INSERT INTO narrative_results (experiment_id, incident_id, narrative_type, row_num, manual_flag_ind, manual_flag,
  detected, confidence, indicators, rationale, reasoning_steps, raw_response, response_sec, processed_at,
  error_occurred, error_message, prompt_tokens, completion_tokens, tokens_used, narrative_id, pass, error_category,
  error_code, http_status, n_attempts, n_calls, parser_version, parse_notes, confidence_text, finish_reason,
  response_id, response_model, endpoint, answer_fields, detected_hint, confidence_hint, refusal, ${FLAG_COLUMNS.join(', ')})
SELECT $experimentId, s.incident_id, s.narrative_type, en.position + 1, s.manual_flag_ind, s.manual_flag,
  $detected, $confidence, $indicators, $rationale, $reasoning, $raw, $responseSec, $processedAt,
  $errorOccurred, $errorMessage, $promptTokens, $completionTokens, $totalTokens, s.narrative_id, $pass, $errorCategory,
  $errorCode, $httpStatus, 1, $nCalls, $parserVersion, $parseNotes, $confidenceText, $finishReason,
  $responseId, $responseModel, $endpoint, $answerFields, $detectedHint, $confidenceHint, $refusal,
  ${flagValues('$detected', 's.manual_flag_ind').join(', ')}
FROM experiment_narratives en JOIN source_narratives s ON s.narrative_id = en.narrative_id
WHERE en.experiment_id = $experimentId AND en.position = $position AND en.narrative_id = $narrativeId`;

const UPDATE_RESULT = `
UPDATE narrative_results SET detected = $detected, confidence = $confidence, indicators = $indicators,
  rationale = $rationale, reasoning_steps = $reasoning, raw_response = $raw, response_sec = $responseSec,
  processed_at = $processedAt, error_occurred = $errorOccurred,
  first_error_message = coalesce(first_error_message, error_message), error_message = $errorMessage,
  prompt_tokens = $promptTokens, completion_tokens = $completionTokens, tokens_used = $totalTokens, pass = $pass,
  error_category = $errorCategory, error_code = $errorCode, http_status = $httpStatus, n_attempts = n_attempts + 1,
  n_calls = n_calls + $nCalls, parser_version = $parserVersion, parse_notes = $parseNotes,
  confidence_text = $confidenceText, finish_reason = $finishReason, response_id = $responseId,
  response_model = $responseModel, endpoint = $endpoint, answer_fields = $answerFields,
  detected_hint = $detectedHint, confidence_hint = $confidenceHint, refusal = $refusal,
  ${flagAssignments('$detected', 'manual_flag_ind')}
WHERE result_id = $resultId`;

const MOVE_COUNTERS = `
UPDATE experiments SET n_narratives_completed = n_narratives_completed + $completed, n_errors = n_errors + $errors,
  n_narratives_processed = n_narratives_processed + $completed - $errors,
  n_positive_detected = n_positive_detected + $positive, n_negative_detected = n_negative_detected + $negative,
  n_twins_completed = n_twins_completed + $twins
WHERE experiment_id = $experimentId`;
