import type { Answer } from './answer';
import type { AnswerFields } from './answer-fields';
import type { AnswerSettings } from './answer-settings';
import { coerceConfidence } from './coerce-confidence';
import { coerceIndicators } from './coerce-indicators';
import { coerceRationale } from './coerce-rationale';
import { keepFields } from './keep-fields';

/** Turns the fields of an answer into what is stored; only the decision has to be there. */
export function coerceFields(
  { detected, values, answer, outer }: AnswerFields,
  { confidenceWords, extraFields }: Pick<AnswerSettings, 'confidenceWords' | 'extraFields'>,
): Omit<Answer, 'reasoning'> {
  const { notes, ...confidence } = coerceConfidence(values.get('confidence'), confidenceWords);
  const { notes: indicatorNotes, indicators } = coerceIndicators(values.get('indicators'));
  const rationale = coerceRationale(values.get('rationale'));
  const { json: fields, isCut } = keepFields(answer, outer, extraFields);
  notes.push(...indicatorNotes);
  if (isCut) notes.push('fields_cut');
  return { detected, ...confidence, indicators, rationale, fields, notes };
}
