import type { ReadingColumns } from '../store/reading-columns';

/** What is different between two readings of one reply; the first that fits counts. */
export const READING_CHANGES = [
  'error_to_answer',
  'answer_to_error',
  'decision_changed',
  'confidence_changed',
  'error_changed',
  'fields_changed',
  'notes_only',
] as const;
export type ReadingChange = (typeof READING_CHANGES)[number];

/** null = they say the same; what an older version of the parser did not keep is no difference. */
export function compareReadings(before: ReadingColumns, after: ReadingColumns): ReadingChange | null {
  const differs = (...names: (keyof ReadingColumns)[]): boolean =>
    names.some((name) => before[name] !== after[name]);
  if (differs('errorOccurred')) return after.errorOccurred === 0 ? 'error_to_answer' : 'answer_to_error';
  if (differs('detected')) return 'decision_changed';
  if (differs('confidence')) return 'confidence_changed';
  if (differs('errorCode', 'errorCategory')) return 'error_changed';
  if (differs('indicators', 'rationale', 'confidenceText', 'reasoning')) return 'fields_changed';
  return differs('parseNotes') ? 'notes_only' : null;
}

/** Whether every column is the same. */
export function areSameReadings(before: ReadingColumns, after: ReadingColumns): boolean {
  return (Object.keys(after) as (keyof ReadingColumns)[]).every((name) => before[name] === after[name]);
}
