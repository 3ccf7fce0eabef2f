import type { Answer } from './answer';
import type { AnswerFields } from './answer-fields';
import { coerceConfidence } from './coerce-confidence';
import { coerceIndicators } from './coerce-indicators';
import { coerceRationale } from './coerce-rationale';

/** Turns the fields of an answer into what is stored; only the decision has to be there. */
export function coerceFields({ detected, values }: AnswerFields): Omit<Answer, 'reasoning'> {
  const { notes: confidenceNotes, ...confidence } = coerceConfidence(values.get('confidence'));
  const { notes: indicatorNotes, indicators } = coerceIndicators(values.get('indicators'));
  const rationale = coerceRationale(values.get('rationale'));
  return { detected, ...confidence, indicators, rationale, notes: [...confidenceNotes, ...indicatorNotes] };
}
