import type { AnswerErrorCode } from './answer';
import type { Reading } from './read-object';

/** The answer of a reply, or why it has none. */
export type Choice =
  | (Extract<Reading, { kind: 'answer' }> & { isAmbiguous: boolean })
  | { kind: 'error'; code: AnswerErrorCode };

/**
 * Chooses the last reading that is meant as an answer. If that one is an error no earlier answer stands in for it: the
 * earlier one may be an example or a draft. null = there are no readings.
 */
export function chooseReading(readings: readonly Reading[]): Choice | null {
  const chosen =
    readings.findLast((reading) => reading.kind === 'answer' || reading.isMeant) ?? readings.at(-1);
  if (chosen === undefined) return null;
  if (chosen.kind === 'error') return { kind: 'error', code: chosen.code };
  const isAmbiguous = readings.some(
    (reading) => reading.kind === 'answer' && reading.fields.detected !== chosen.fields.detected,
  );
  return { ...chosen, isAmbiguous };
}
