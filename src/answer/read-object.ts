import type { AnswerErrorCode } from './answer';
import type { AnswerFields } from './answer-fields';
import { OTHER_FIELD_KEYS, readAnswerFields } from './answer-fields';
import type { FoundObject } from './find-objects';
import { isTemplate } from './is-template';

/** What one object of a reply comes to. */
export type Reading =
  | { kind: 'answer'; fields: AnswerFields; found: FoundObject }
  | {
      kind: 'error';
      code: AnswerErrorCode;
      /** Whether the model meant it as an answer, so that no answer before it may stand. */
      isMeant: boolean;
    };

/**
 * Reads one object. One that was cut, or names a field of an answer and gives no decision, is meant as an answer; a
 * template, or an object about something else, is not.
 */
export function readObject(found: FoundObject, decisionKeys: readonly string[]): Reading {
  if (!found.isClosed) return { kind: 'error', code: 'truncated', isMeant: true };
  if (found.value === undefined) return readUnreadable(found.text, decisionKeys);
  const fields = readAnswerFields(found.value, decisionKeys);
  if (fields === 'none') {
    return { kind: 'error', code: 'no_decision', isMeant: namesField(found.text, decisionKeys) };
  }
  if (typeof fields === 'string') return { kind: 'error', code: fields, isMeant: true };
  return { kind: 'answer', fields, found };
}

function readUnreadable(text: string, decisionKeys: readonly string[]): Reading {
  if (isTemplate(text, decisionKeys)) return { kind: 'error', code: 'template_echo', isMeant: false };
  return { kind: 'error', code: 'unparsable', isMeant: namesField(text, decisionKeys) };
}

function namesField(text: string, decisionKeys: readonly string[]): boolean {
  const lowerCase = text.toLowerCase();
  return [...decisionKeys, ...OTHER_FIELD_KEYS].some((key) => lowerCase.includes(key));
}
