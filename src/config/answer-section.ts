/** The `answer` section of a config: how replies are read. It may be left out. */
import { z } from 'zod';
import type { AnswerSettings } from '../answer/answer-settings';

const NAMES = 'must be a list of names, such as ["severity"]';
const NUMBER = 'must be a number from 0.0 to 1.0';

const names = z.array(z.string({ error: NAMES }).trim().min(1, { error: NAMES }).max(100, { error: NAMES }), {
  error: NAMES,
});

export const AnswerSectionSchema = z.strictObject({
  decision_aliases: names
    .optional()
    .describe('Key names accepted for "detected" besides itself. Names, in any case; default none.'),
  confidence_words: z
    .record(z.string(), z.number({ error: NUMBER }).min(0, { error: NUMBER }).max(1, { error: NUMBER }), {
      error: 'must be words with their numbers, such as {high: 0.9}',
    })
    .optional()
    .describe(
      'Numbers for words that stand in place of a confidence. Word: 0.0 to 1.0; default none, words stay words.',
    ),
  accept_partial: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe(
      'Take an answer that the token limit cut after its decision and confidence. true or false; default false.',
    ),
  extra_fields: names
    .optional()
    .describe(
      'Further fields to keep under these names, in any case. Names; default none, fields stay as written.',
    ),
});

/** What the user wrote of it; null = nothing. */
export function writtenAnswerSettings(
  section: z.infer<typeof AnswerSectionSchema> | undefined,
): Partial<AnswerSettings> | null {
  const { decision_aliases, confidence_words, accept_partial, extra_fields } = section ?? {};
  const written: Partial<AnswerSettings> = {
    ...(decision_aliases && { decisionAliases: decision_aliases }),
    ...(confidence_words && { confidenceWords: confidence_words }),
    ...(accept_partial !== undefined && { acceptPartial: accept_partial }),
    ...(extra_fields && { extraFields: extra_fields }),
  };
  return Object.keys(written).length === 0 ? null : written;
}
