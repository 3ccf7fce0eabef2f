import { completeSettings, type AnswerSettings } from '../answer/answer-settings';
import { PARSER_VERSION, parseAnswer, type ReplyText } from '../answer/parse-answer';
import type { Outcome } from '../store/results';

/** What a reply comes to, read as the experiment's config says; null = it says nothing about reading. */
export function parsedOutcome(
  reply: ReplyText,
  settings: Partial<AnswerSettings> | null | undefined,
): Outcome {
  const parsed = parseAnswer(reply, completeSettings(settings));
  if (parsed.kind === 'answer') return { ...parsed, parserVersion: PARSER_VERSION };
  return { ...parsed, httpStatus: null, parserVersion: PARSER_VERSION };
}
