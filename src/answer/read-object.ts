import type { AnswerErrorCode, AnswerNote } from './answer';
import type { AnswerFields, FieldsResult } from './answer-fields';
import { OTHER_FIELD_KEYS, readAnswerFields } from './answer-fields';
import type { FoundObject } from './find-objects';
import { isTemplate } from './is-template';
import { repairObject } from './repair-object';

/** What one object of a reply comes to. */
export type Reading =
  | {
      kind: 'answer';
      fields: AnswerFields;
      found: FoundObject;
      /** The object as JSON. */
      json: string;
      notes: AnswerNote[];
    }
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
  if (found.loose !== null) return readLoose(found, found.loose, decisionKeys);
  if (found.value === undefined) return readUnreadable(found.text, decisionKeys);
  const fields = readAnswerFields(found.value, decisionKeys);
  return readingOf(fields, found, { json: found.text, notes: [] }, decisionKeys);
}

/** Whether a piece of text names a field of an answer. */
export function namesField(text: string, decisionKeys: readonly string[]): boolean {
  const lowerCase = text.toLowerCase();
  return [...decisionKeys, ...OTHER_FIELD_KEYS].some((key) => lowerCase.includes(key));
}

function readLoose(
  found: FoundObject,
  loose: NonNullable<FoundObject['loose']>,
  decisionKeys: readonly string[],
): Reading {
  const repair = repairObject({ ...found, loose }, decisionKeys);
  if (repair.kind === 'repaired') return readingOf(repair.fields, found, repair, decisionKeys);
  const isMeant = repair.code !== 'template_echo' && namesField(found.text, decisionKeys);
  return { kind: 'error', code: repair.code, isMeant };
}

function readUnreadable(text: string, decisionKeys: readonly string[]): Reading {
  if (isTemplate(text, decisionKeys)) return { kind: 'error', code: 'template_echo', isMeant: false };
  return { kind: 'error', code: 'unparsable', isMeant: namesField(text, decisionKeys) };
}

function readingOf(
  fields: FieldsResult,
  found: FoundObject,
  { json, notes }: { json: string; notes: AnswerNote[] },
  decisionKeys: readonly string[],
): Reading {
  if (fields === 'none') {
    return { kind: 'error', code: 'no_decision', isMeant: namesField(found.text, decisionKeys) };
  }
  if (typeof fields === 'string') return { kind: 'error', code: fields, isMeant: true };
  return { kind: 'answer', fields, found, json, notes };
}
