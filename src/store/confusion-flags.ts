/** The TP, TN, FP, FN flags of a result in SQL: null where answer or label is missing. */

const FLAGS = {
  is_true_positive: [1, 1],
  is_true_negative: [0, 0],
  is_false_positive: [1, 0],
  is_false_negative: [0, 1],
} as const;

/** Their columns, in one order everywhere. */
export const FLAG_COLUMNS = Object.keys(FLAGS) as readonly (keyof typeof FLAGS)[];

/** What each flag is for an answer and a label, both given as SQL; in the order of FLAG_COLUMNS. */
export function flagValues(detected: string, label: string): string[] {
  return Object.values(FLAGS).map(
    ([answer, truth]) =>
      `CASE WHEN ${detected} + ${label} IS NOT NULL THEN ${detected} = ${answer} AND ${label} = ${truth} END`,
  );
}

/** `column = value` of each flag. */
export function flagAssignments(detected: string, label: string): string {
  const values = flagValues(detected, label);
  return FLAG_COLUMNS.map((column, index) => `${column} = ${values[index]!}`).join(', ');
}
