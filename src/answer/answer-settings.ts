/** How replies of an experiment are read; all of it is frozen with the experiment. */
export interface AnswerSettings {
  /** Key names accepted for `detected` besides itself; case and blanks around them do not matter. */
  readonly decisionAliases: readonly string[];
  /** Numbers from 0 to 1 for words that stand in place of a confidence, such as high: 0.9. */
  readonly confidenceWords: Readonly<Record<string, number>>;
  /** Whether an answer cut by the token limit counts when decision and confidence are closed. */
  readonly acceptPartial: boolean;
  /** Further fields to keep under these names, however the model capitalises them. */
  readonly extraFields: readonly string[];
}

/** What holds where the user wrote nothing. */
export const DEFAULT_ANSWER_SETTINGS: AnswerSettings = {
  decisionAliases: [],
  confidenceWords: {},
  acceptPartial: false,
  extraFields: [],
};

/** Settings as far as they were written, and defaults for the rest; null or undefined = nothing was written. */
export function completeSettings(written: Partial<AnswerSettings> | null | undefined): AnswerSettings {
  return { ...DEFAULT_ANSWER_SETTINGS, ...written };
}
