/**
 * From the text of a reply to an answer, or to an error that says why not. Pure; never throws. A decision is taken only
 * where it stands as a whole in an uncut reply, in an object that JSON.parse reads, if need be after what is around the
 * decision was repaired.
 */
import type { ErrorCategory } from '../experiment';
import type { Answer, AnswerErrorCode } from './answer';
import { ANSWER_ERRORS } from './answer-errors';
import { normalizeKey } from './answer-fields';
import type { AnswerSettings } from './answer-settings';
import { DEFAULT_ANSWER_SETTINGS } from './answer-settings';
import type { Choice } from './choose-reading';
import { chooseReading } from './choose-reading';
import { replaceLoneSurrogates } from './clean-text';
import { coerceFields } from './coerce-fields';
import { hasDuplicateKey } from './has-duplicate-key';
import type { AnswerHint } from './hint';
import { NO_HINT, readHint } from './hint';
import { isJsonObject } from './parse-json';
import type { ContentReading } from './read-content';
import { readContent, wholeObject } from './read-content';
import { readObject } from './read-object';
import { readPartial } from './read-partial';

export type { Answer, AnswerErrorCode, AnswerNote } from './answer';
export type { AnswerSettings } from './answer-settings';
export type { AnswerHint } from './hint';

/**
 * Stored with each result; grows whenever the same reply may be read differently.
 * 1: strict JSON only.
 * 2: repairs around the decision, hints, the refusal that stands beside the content, content_filter as an error of its
 *    own, settings of the experiment, all fields kept; an answer followed by the torn end of another object is refused.
 */
export const PARSER_VERSION = 2;

/** What the parser needs of a reply, and all that it needs to read it again. */
export interface ReplyText {
  /** Text parts already joined; null = the reply has no content. */
  content: string | null;
  /** null = the server gave none. */
  reasoning: string | null;
  /** The model's own reason not to answer; null = none. */
  refusal: string | null;
  /** null = the server did not say. */
  finishReason: string | null;
}

/** An answer, or an error with a fixed `message` that never quotes the reply. */
export type ParsedAnswer =
  | { kind: 'answer'; answer: Answer }
  | {
      kind: 'error';
      code: AnswerErrorCode;
      category: ErrorCategory;
      message: string;
      /** The model's thinking; null = none was seen. */
      reasoning: string | null;
      hint: AnswerHint;
    };

/** Finish reasons by which servers say that the token limit cut the text. */
const LIMIT_REASONS: readonly string[] = ['length', 'max_tokens', 'model_length'];

/** Reads a reply. Never throws. */
export function parseAnswer(
  reply: ReplyText,
  settings: AnswerSettings = DEFAULT_ANSWER_SETTINGS,
): ParsedAnswer {
  const aliases = settings.decisionAliases.map(normalizeKey).filter((alias) => alias !== '');
  const decisionKeys = [...new Set(['detected', ...aliases])];
  const content = reply.content === null ? null : replaceLoneSurrogates(reply.content);
  const { choice, thinking } = readReply({ ...reply, content }, decisionKeys, settings.acceptPartial);
  const thought = reply.reasoning?.trim() || thinking;
  const reasoning = thought === null ? null : replaceLoneSurrogates(thought);
  if (choice.kind === 'error') {
    const hint = content === null ? NO_HINT : readHint(content, decisionKeys);
    return { kind: 'error', code: choice.code, ...ANSWER_ERRORS[choice.code], reasoning, hint };
  }
  const { notes, ...fields } = coerceFields(choice.fields, settings);
  notes.push(...choice.notes);
  if (hasDuplicateKey(choice.json)) notes.push('duplicate_key');
  if (choice.isAmbiguous) notes.push('ambiguous');
  if (content === null) notes.push('from_reasoning');
  return { kind: 'answer', answer: { ...fields, reasoning, notes } };
}

type Read = Pick<ContentReading, 'choice' | 'thinking'>;

function readReply(reply: ReplyText, decisionKeys: readonly string[], acceptPartial: boolean): Read {
  const { content, reasoning, refusal } = reply;
  const finishReason = reply.finishReason?.trim().toLowerCase() ?? '';
  const reading =
    content === null ? readReasoning(reasoning, decisionKeys) : readContent(content, decisionKeys);
  const { thinking } = reading;
  if (finishReason === 'content_filter')
    return { thinking, choice: { kind: 'error', code: 'content_filter' } };
  const isRefused = refusal !== null && (content === null || reading.choice.kind === 'error');
  if (isRefused) return { thinking, choice: { kind: 'error', code: 'refusal' } };
  if (!LIMIT_REASONS.includes(finishReason)) return reading;
  const partial = acceptPartial ? readPartial(reading.found, decisionKeys) : null;
  return { thinking, choice: partial ?? { kind: 'error', code: 'truncated' } };
}

/** Some servers put the answer itself into the reasoning; only an object that is the whole of it is taken. */
function readReasoning(reasoning: string | null, decisionKeys: readonly string[]): ContentReading {
  const whole = wholeObject(reasoning?.trim() ?? '');
  const choice =
    whole !== null && isJsonObject(whole.value) ? chooseReading([readObject(whole, decisionKeys)]) : null;
  const empty: Choice = { kind: 'error', code: 'empty' };
  return { choice: choice?.kind === 'answer' ? choice : empty, found: [], thinking: null };
}
