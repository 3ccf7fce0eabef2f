/**
 * A made-up text to try a model server with, so that no real one is sent before it has proved fit. It is about nobody:
 * no person, place or date in it is real.
 */

/** The text of every synthetic call begins with it; a short call has nothing else. */
export const SYNTHETIC_NARRATIVE =
  'This is a made-up report to try out the program; no such event took place. On a weekday morning a caretaker found ' +
  'the door of a garden shed open. Inside stood a bicycle with a flat tire, a watering can and a box of apples. ' +
  'A neighbor said that the shed had been left open by her brother, who had borrowed a ladder the evening before and ' +
  'brought it back early. Nothing was missing, nobody was hurt, and no quarrel had come before. The caretaker closed ' +
  'the door and wrote this note.';

/** The synthetic narrative, repeated to a length in characters where that is longer. */
export function syntheticNarrative(length = 0): string {
  if (length <= SYNTHETIC_NARRATIVE.length) return SYNTHETIC_NARRATIVE;
  const times = Math.ceil(length / (SYNTHETIC_NARRATIVE.length + 1));
  return Array.from({ length: times }, () => SYNTHETIC_NARRATIVE)
    .join(' ')
    .padEnd(length, ' .')
    .slice(0, length);
}
