import type { Outcome } from './results';

/** What a reading puts into the row of its narrative, by the names of the statements' parameters. */
export interface ReadingColumns {
  detected: 0 | 1 | null;
  confidence: number | null;
  confidenceText: string | null;
  /** Likewise parseNotes and answerFields: JSON text. */
  indicators: string | null;
  rationale: string | null;
  parseNotes: string | null;
  answerFields: string | null;
  reasoning: string | null;
  parserVersion: number | null;
  errorOccurred: 0 | 1;
  errorMessage: string | null;
  errorCategory: string | null;
  errorCode: string | null;
  httpStatus: number | null;
  detectedHint: 0 | 1 | null;
  confidenceHint: number | null;
}

const NO_ANSWER = {
  detected: null,
  confidence: null,
  confidenceText: null,
  indicators: null,
  rationale: null,
  parseNotes: null,
  answerFields: null,
};
const NO_ERROR = {
  errorMessage: null,
  errorCategory: null,
  errorCode: null,
  httpStatus: null,
  detectedHint: null,
  confidenceHint: null,
};

/** The columns of an answer, or of an error: exactly one of the two kinds is filled. */
export function readingColumns(outcome: Outcome): ReadingColumns {
  if (outcome.kind === 'error') {
    return {
      ...NO_ANSWER,
      reasoning: outcome.reasoning,
      parserVersion: outcome.parserVersion,
      errorOccurred: 1,
      errorMessage: outcome.message,
      errorCategory: outcome.category,
      errorCode: outcome.code,
      httpStatus: outcome.httpStatus,
      detectedHint: toBit(outcome.hint?.detected ?? null),
      confidenceHint: outcome.hint?.confidence ?? null,
    };
  }
  const { answer } = outcome;
  return {
    ...NO_ERROR,
    detected: toBit(answer.detected),
    confidence: answer.confidence,
    confidenceText: answer.confidenceText,
    indicators: JSON.stringify(answer.indicators),
    rationale: answer.rationale,
    parseNotes: answer.notes.length === 0 ? null : JSON.stringify(answer.notes),
    answerFields: answer.fields,
    reasoning: answer.reasoning,
    parserVersion: outcome.parserVersion,
    errorOccurred: 0,
  };
}

function toBit(value: boolean | null): 0 | 1 | null {
  if (value === null) return null;
  return value ? 1 : 0;
}
