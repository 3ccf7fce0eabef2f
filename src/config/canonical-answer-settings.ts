import type { AnswerSettings } from '../answer/answer-settings';

/** One spelling of settings that read every reply alike. */
export function canonicalAnswerSettings(settings: Partial<AnswerSettings>): string {
  const { decisionAliases, confidenceWords, acceptPartial, extraFields } = settings;
  const words = Object.entries(confidenceWords ?? {}).map(([word, number]): [string, number] => [
    word.trim().toLowerCase(),
    number,
  ]);
  return JSON.stringify({
    accept_partial: acceptPartial,
    confidence_words: confidenceWords && words.sort(([a], [b]) => (a < b ? -1 : 1)),
    decision_aliases: decisionAliases?.map((alias) => alias.trim().toLowerCase()).sort(),
    extra_fields: extraFields && [...extraFields].sort(),
  });
}
