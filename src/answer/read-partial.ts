import type { Choice } from './choose-reading';
import type { FoundObject } from './find-objects';
import { withoutCutMember } from './partial-object';
import { readObject } from './read-object';

/**
 * The answer of a reply that the token limit cut, where the cut hit what stands after decision and confidence: a later
 * member of the last object, or nothing at all. null = it hit more than that.
 */
export function readPartial(found: readonly FoundObject[], decisionKeys: readonly string[]): Choice | null {
  const last = found.at(-1);
  if (last === undefined || last.loose !== null || last.after.replaceAll('`', '').trim() !== '') return null;
  const whole = last.isClosed ? last : withoutCutMember(last);
  if (whole === null) return null;
  const reading = readObject(whole, decisionKeys);
  if (reading.kind === 'error' || reading.fields.outer !== null) return null;
  if (!reading.fields.values.has('confidence')) return null;
  return { ...reading, notes: ['partial'], isAmbiguous: false };
}
