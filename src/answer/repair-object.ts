/**
 * Reads an object that is almost JSON. What a decision is, is never the repair's to say: the value must stand in the
 * text as a whole, where nothing around it could be read in another way, and the repaired object must say the same.
 */
import { distance } from 'fastest-levenshtein';
import type { AnswerErrorCode, AnswerNote } from './answer';
import type { FieldsResult } from './answer-fields';
import { readAnswerFields } from './answer-fields';
import { coerceDecision } from './coerce-decision';
import { countTornKeys } from './is-overruled';
import { isChoice } from './is-template';
import { parseJson } from './parse-json';
import type { LooseMember, LooseObject, Patch } from './scan-loosely';
import { countStatements } from './stated-values';

/** What a repair comes to; `json` is the object as JSON writes it. */
export type RepairResult =
  | { kind: 'repaired'; fields: FieldsResult; json: string; notes: AnswerNote[] }
  | { kind: 'error'; code: AnswerErrorCode };

/** Keys that differ in so few letters may be one another, misspelt. */
const MISSPELT_LETTERS = 2;

/** Repairs `text`, which was scanned as `loose`; `remainder` is all that follows from its beginning. */
export function repairObject(
  { text, loose, remainder }: { text: string; loose: LooseObject; remainder: string },
  decisionKeys: readonly string[],
): RepairResult {
  const decisions = loose.members.filter(({ key }) => decisionKeys.includes(key));
  if (decisions.some(({ value }) => value !== null && isChoice(value))) return failed('template_echo');
  if (!isDecisionClear(decisions, loose, remainder, decisionKeys)) return failed('unparsable');
  const json = parseJson(applyPatches(text, loose.patches));
  if (json === null) return failed('unparsable');
  const fields = readAnswerFields(json.value, decisionKeys);
  if (typeof fields !== 'string') {
    if (decisions.length === 0) return failed('unparsable');
    if (decisions.some((decision) => decide(decision) !== fields.detected)) return failed('ambiguous');
  }
  const isRepaired = loose.patches.some(({ isConfidence }) => !isConfidence);
  return { kind: 'repaired', fields, json: json.text, notes: isRepaired ? ['repaired'] : [] };
}

function failed(code: AnswerErrorCode): RepairResult {
  return { kind: 'error', code };
}

/**
 * Whether the decision stays what it is wherever the unclear strings end: there is one, it stands outside of them, they
 * hold no keys of an answer, from the first of them on no other statement of a decision follows, and no key may be the
 * decision's, misspelt.
 */
function isDecisionClear(
  decisions: readonly LooseMember[],
  { members, unclear }: LooseObject,
  remainder: string,
  decisionKeys: readonly string[],
): boolean {
  const firstUnclear = unclear[0]?.start;
  if (firstUnclear === undefined) return true;
  const statements = countStatements(remainder.slice(firstUnclear), decisionKeys);
  const holdKeys = unclear.some(
    ({ start, end }) => countTornKeys(remainder.slice(start + 1, end - 1), decisionKeys) > 0,
  );
  const [decision, ...others] = decisions;
  if (decision === undefined) return statements === 0;
  return (
    others.length === 0 &&
    !holdKeys &&
    unclear.every(({ start, end }) => decision.valueEnd <= start || decision.keyStart >= end) &&
    statements === (decision.valueEnd <= firstUnclear ? 0 : 1) &&
    members.every((member) => member === decision || !isMisspelt(member.key, decisionKeys))
  );
}

function isMisspelt(key: string, decisionKeys: readonly string[]): boolean {
  return decisionKeys.some((decisionKey) => distance(key, decisionKey) <= MISSPELT_LETTERS);
}

/** The decision as it stands in the text; null = it says neither. */
function decide({ value }: LooseMember): boolean | null {
  return value === null ? null : coerceDecision(parseJson(value)?.value ?? value);
}

function applyPatches(text: string, patches: readonly Patch[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, json } of patches) {
    pieces.push(text.slice(at, start), json);
    at = end;
  }
  return pieces.join('') + text.slice(at);
}
