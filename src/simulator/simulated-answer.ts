/**
 * What the simulated model says to a text: derived from a hash of the text alone, so that every caller, in every order,
 * gets the same, and a reply that lands at another text is seen by its rationale.
 */
import { createHash } from 'node:crypto';
import { hashFraction } from './hash-fraction';
import { findViolenceCues } from './violence-cues';

const DETECTED_SHARE_WITH_CUE = 0.88;
const DETECTED_SHARE_WITHOUT_CUE = 0.03;
const LOWEST_CONFIDENCE = 0.6;
const HIGHEST_CONFIDENCE = 0.99;
const DIGITS_IN_RATIONALE = 12;

/** One answer of the simulated model. */
export interface SimulatedAnswer {
  detected: boolean;
  /** 0.6 to 0.99, two decimals. */
  confidence: number;
  indicators: string[];
  /** Holds the first 12 hex digits of the digest, and nothing of the text. */
  rationale: string;
  /** SHA-256 of the user message, 64 hex digits. */
  digest: string;
}

/** The answer to a user message; another seed gives other decisions, never another digest. */
export function simulatedAnswer(userMessage: string, options: { seed: number }): SimulatedAnswer {
  const digest = digestOf(userMessage);
  const cues = findViolenceCues(userMessage);
  const share = cues.length > 0 ? DETECTED_SHARE_WITH_CUE : DETECTED_SHARE_WITHOUT_CUE;
  const detected = hashFraction(`detected/${options.seed}/${digest}`) < share;
  const spread = HIGHEST_CONFIDENCE - LOWEST_CONFIDENCE;
  const confidence = LOWEST_CONFIDENCE + spread * hashFraction(`confidence/${options.seed}/${digest}`);
  const seen = detected ? 'signs of partner violence' : 'no sign of partner violence';
  return {
    detected,
    confidence: Math.round(confidence * 100) / 100,
    indicators: detected ? (cues.length > 0 ? cues : ['circumstances as a whole']) : [],
    rationale: `Simulated answer to text ${digest.slice(0, DIGITS_IN_RATIONALE)}: ${seen}.`,
    digest,
  };
}

/** SHA-256 of a user message, 64 hex digits; by it the call log names a text. */
export function digestOf(userMessage: string): string {
  return createHash('sha256').update(userMessage).digest('hex');
}
