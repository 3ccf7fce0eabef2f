/**
 * From the text of a reply to an answer, or to an error that says why not. Pure; never throws. A decision is taken only
 * from an object that stands whole in an uncut reply and that JSON.parse reads as written.
 */
import type { ErrorCategory } from '../experiment';
import type { Answer, AnswerErrorCode } from './answer';
import { ANSWER_ERRORS } from './answer-errors';
import { normalizeKey } from './answer-fields';
import type { Choice } from './choose-reading';
import { chooseReading } from './choose-reading';
import { replaceLoneSurrogates } from './clean-text';
import { coerceFields } from './coerce-fields';
import { hasDuplicateKey } from './has-duplicate-key';
import { isJsonObject, parseJson } from './parse-json';
import type { ContentReading } from './read-content';
import { readContent } from './read-content';
import { readObject } from './read-object';

export type { Answer, AnswerErrorCode, AnswerNote } from './answer';

/** Stored with each result; grows whenever the same reply may be read differently. */
export const PARSER_VERSION = 1;

/** What the parser needs of a reply. */
export interface ReplyText {
  /** Text parts already joined; null = the reply has no content. */
  content: string | null;
  /** null = the server gave none. */
  reasoning: string | null;
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
    };

/** Finish reasons by which servers say that the text ends before its end. */
const CUT_REASONS: readonly string[] = ['length', 'max_tokens', 'model_length', 'content_filter'];

/** Reads a reply. `decisionAliases` are key names accepted for `detected` besides itself. Never throws. */
export function parseAnswer(
  reply: ReplyText,
  settings: { decisionAliases?: readonly string[] } = {},
): ParsedAnswer {
  const aliases = (settings.decisionAliases ?? []).map(normalizeKey).filter((alias) => alias !== '');
  const decisionKeys = ['detected', ...aliases];
  const { choice, thinking } = readReply(reply, decisionKeys);
  const thought = reply.reasoning?.trim() || thinking;
  const reasoning = thought === null ? null : replaceLoneSurrogates(thought);
  if (choice.kind === 'error') {
    return { kind: 'error', code: choice.code, ...ANSWER_ERRORS[choice.code], reasoning };
  }
  const { notes, ...fields } = coerceFields(choice.fields);
  if (hasDuplicateKey(choice.found.text)) notes.push('duplicate_key');
  if (choice.isAmbiguous) notes.push('ambiguous');
  if (reply.content === null) notes.push('from_reasoning');
  return { kind: 'answer', answer: { ...fields, reasoning, notes } };
}

function readReply(
  { content, reasoning, finishReason }: ReplyText,
  decisionKeys: readonly string[],
): ContentReading {
  const reading =
    content === null ? readReasoning(reasoning, decisionKeys) : readContent(content, decisionKeys);
  if (!CUT_REASONS.includes(finishReason?.toLowerCase() ?? '')) return reading;
  return { ...reading, choice: { kind: 'error', code: 'truncated' } };
}

/** Some servers put the answer itself into the reasoning; only an object that is the whole of it is taken. */
function readReasoning(reasoning: string | null, decisionKeys: readonly string[]): ContentReading {
  const json = parseJson(reasoning?.trim() ?? '');
  const choice =
    json !== null && isJsonObject(json.value)
      ? chooseReading([readObject({ ...json, isClosed: true, after: '' }, decisionKeys)])
      : null;
  const empty: Choice = { kind: 'error', code: 'empty' };
  return { choice: choice?.kind === 'answer' ? choice : empty, thinking: null };
}
