import type { AnswerErrorCode } from './answer';
import type { AnswerFields } from './answer-fields';
import { readAnswerFields } from './answer-fields';
import type { FoundObject } from './find-objects';
import { isTemplate } from './is-template';

/** What one object of a reply comes to. */
export type Reading =
  | { kind: 'answer'; fields: AnswerFields; text: string }
  | {
      kind: 'error';
      code: AnswerErrorCode;
      /** Whether the model meant it as an answer, so that no answer before it may stand. */
      isMeant: boolean;
    };

/**
 * Reads one object. One that was cut, or carries the decision key and cannot be read, is meant as an answer; a
 * template, or an object about something else, is not.
 */
export function readObject(found: FoundObject, decisionKeys: readonly string[]): Reading {
  if (!found.isClosed) return { kind: 'error', code: 'truncated', isMeant: true };
  if (found.value === undefined) return readUnreadable(found.text, decisionKeys);
  const fields = readAnswerFields(found.value, decisionKeys);
  if (fields === 'none') return { kind: 'error', code: 'no_decision', isMeant: false };
  if (typeof fields === 'string') return { kind: 'error', code: fields, isMeant: true };
  return { kind: 'answer', fields, text: found.text };
}

function readUnreadable(text: string, decisionKeys: readonly string[]): Reading {
  if (isTemplate(text, decisionKeys)) return { kind: 'error', code: 'template_echo', isMeant: false };
  const lowerCase = text.toLowerCase();
  const isMeant = decisionKeys.some((key) => lowerCase.includes(key));
  return { kind: 'error', code: 'unparsable', isMeant };
}
