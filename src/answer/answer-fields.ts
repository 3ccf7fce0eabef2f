/**
 * Finds the answer in a JSON value: the object itself, or one level down in a list or under a usual envelope key. Only
 * own keys count, so `__proto__` and `constructor` mean nothing.
 */
import { coerceDecision } from './coerce-decision';
import { isJsonObject } from './parse-json';

/** The fields of one answer by normalized key. */
export interface AnswerFields {
  detected: boolean;
  values: ReadonlyMap<string, unknown>;
  /** The object that holds them, as it was written. */
  answer: Readonly<Record<string, unknown>>;
  /** The object around that one; null = there is none. */
  outer: Readonly<Record<string, unknown>> | null;
}

/** `none` = nothing in it carries the decision key; the errors carry it and do not settle the decision. */
export type FieldsResult = AnswerFields | 'none' | 'no_decision' | 'ambiguous';

/** Keys that, beside the decision key, show that a piece of text is meant as an answer. */
export const OTHER_FIELD_KEYS: readonly string[] = ['confidence', 'indicators', 'rationale'];

const ENVELOPE_KEYS: readonly string[] = ['result', 'answer', 'output', 'response', 'data', 'final'];

/** Keys compare trimmed and without regard to case. */
export function normalizeKey(key: string): string {
  return key.trim().toLowerCase();
}

/** Reads a JSON value; several answers in one value must agree on the decision, and then the last one counts. */
export function readAnswerFields(value: unknown, decisionKeys: readonly string[]): FieldsResult {
  const own = readObject(value, decisionKeys);
  if (own !== 'none') return own;
  const inner = unwrap(value)
    .map((item) => readObject(item, decisionKeys))
    .filter((fields) => fields !== 'none');
  const last = inner.at(-1);
  if (last === undefined) return 'none';
  const decisions = new Set(inner.map((fields) => (typeof fields === 'string' ? fields : fields.detected)));
  if (decisions.size > 1) return 'ambiguous';
  return typeof last === 'string' ? last : { ...last, outer: isJsonObject(value) ? value : null };
}

function unwrap(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .filter((key) => ENVELOPE_KEYS.includes(normalizeKey(key)))
    .flatMap((key) => (Array.isArray(value[key]) ? [] : [value[key]]));
}

function readObject(value: unknown, decisionKeys: readonly string[]): FieldsResult {
  if (!isJsonObject(value)) return 'none';
  const values = new Map(Object.entries(value).map(([key, item]) => [normalizeKey(key), item]));
  const decisions = new Set(
    Object.keys(value)
      .filter((key) => decisionKeys.includes(normalizeKey(key)))
      .map((key) => coerceDecision(value[key])),
  );
  if (decisions.size === 0) return 'none';
  if (decisions.size > 1) return 'ambiguous';
  const [detected] = decisions;
  if (detected === null || detected === undefined) return 'no_decision';
  return { detected, values, answer: value, outer: null };
}
