/**
 * Reads the content of a reply: JSON as a whole before anything is stripped, because there a marker can only stand
 * inside a string; then without its thinking; then object by object.
 */
import type { Choice } from './choose-reading';
import { chooseReading } from './choose-reading';
import { takeFinalChannel } from './final-channel';
import type { FoundObject } from './find-objects';
import { findObjects } from './find-objects';
import { countTornKeys, isOverruled, isTorn } from './is-overruled';
import { isRefusal } from './is-refusal';
import { parseJson } from './parse-json';
import { namesField, readObject } from './read-object';
import { stripThinking } from './strip-thinking';

/** What a content comes to. */
export interface ContentReading {
  choice: Choice;
  /** The objects that were found after the thinking. */
  found: readonly FoundObject[];
  /** Thinking that stood in the content; null = none. */
  thinking: string | null;
}

/** Larger texts are read only where they are JSON as they stand. */
const MAX_REPAIRABLE_BYTES = 64 * 1024;

const MARKER = /<\/?think(?:ing)?>|<\|(?:channel|start|message|end|return)\|>|assistantfinal/i;
const BEGINS_OBJECT = /^(?:`{3,}\w*\s*)?[{[]/;
const BEGINS_MARKED = /^(?:<think|<\||analysis\p{L})/iu;

/** Reads a content that is whole; whether it was cut is the caller's to know. */
export function readContent(content: string, decisionKeys: readonly string[]): ContentReading {
  const text = content.trim();
  const whole = readWhole(text);
  if (typeof whole !== 'string') {
    return { choice: choose([whole], whole.text, decisionKeys), found: [whole], thinking: null };
  }
  return readUnmarked(whole.trim(), decisionKeys);
}

/** Reads what is left without thinking. */
function readUnmarked(text: string, decisionKeys: readonly string[]): ContentReading {
  if (text === '') return failed('empty', null);
  if (!mayHoldMarkers(text) || isMarkerInside(text, decisionKeys))
    return readObjects(text, null, decisionKeys);
  const channels = takeFinalChannel(text);
  if (channels.answer === null) return failed('no_final', channels.thinking);
  const { answer, thinking: thought } = stripThinking(channels.answer);
  const thinking = [channels.thinking, thought].filter((part) => part !== null).join(' ') || null;
  if (answer === null || answer === '') {
    return failed(answer === '' && thinking === null ? 'empty' : 'no_answer', thinking);
  }
  return readObjects(answer, thinking, decisionKeys);
}

/** Told at once of most texts, for looking closely at a long one takes time. */
function mayHoldMarkers(text: string): boolean {
  return text.includes('<') || text.startsWith('analysis') || text.includes('assistantfinal');
}

/**
 * Whether the first marker of a text that does not begin with one stands inside an answer that is no JSON: there it is
 * a part of what the model wrote.
 */
function isMarkerInside(text: string, decisionKeys: readonly string[]): boolean {
  const marker = text.search(MARKER);
  if (marker <= 0 || BEGINS_MARKED.test(text)) return false;
  const last = findIn(text.slice(0, marker), decisionKeys).at(-1);
  const isOpen = last !== undefined && last.value === undefined && last.loose === null && last.after === '';
  return isOpen && (BEGINS_OBJECT.test(text) || namesField(last.text, decisionKeys));
}

function readObjects(text: string, thinking: string | null, decisionKeys: readonly string[]): ContentReading {
  const whole = readWhole(text);
  if (typeof whole !== 'string')
    return { choice: choose([whole], whole.text, decisionKeys), found: [whole], thinking };
  const found = findIn(whole, decisionKeys);
  return { choice: choose(found, whole, decisionKeys), found, thinking };
}

/** A text that is JSON as a whole, as one object of a reply; null = it is not. */
export function wholeObject(text: string): FoundObject | null {
  const json = parseJson(text);
  return json && { ...json, isClosed: true, loose: null, remainder: text, after: '' };
}

/** A text that is JSON as a whole, if need be after unpacking a JSON string; else the text, unpacked. */
function readWhole(text: string): FoundObject | string {
  const outer = wholeObject(text);
  if (typeof outer?.value === 'string') return wholeObject(outer.value) ?? outer.value;
  return outer ?? text;
}

function findIn(text: string, decisionKeys: readonly string[]): FoundObject[] {
  return findObjects(text, {
    isMeant: (piece) => namesField(piece, decisionKeys),
    isRepairable: Buffer.byteLength(text) <= MAX_REPAIRABLE_BYTES,
  });
}

function choose(objects: readonly FoundObject[], text: string, decisionKeys: readonly string[]): Choice {
  const choice = chooseReading(objects.map((object) => readObject(object, decisionKeys)));
  if (choice === null) return { kind: 'error', code: isRefusal(text) ? 'refusal' : 'no_json' };
  if (choice.kind === 'answer') {
    return isSure(choice, objects, text, decisionKeys) ? choice : { kind: 'error', code: 'unparsable' };
  }
  const isUnread = choice.code === 'unparsable' || choice.code === 'truncated';
  if (isUnread && Buffer.byteLength(text) > MAX_REPAIRABLE_BYTES) return { kind: 'error', code: 'too_large' };
  return choice;
}

/** Whether no prose tells that the answer is an example, or a piece of an object that could not be followed. */
function isSure(
  { found, fields }: Extract<Choice, { kind: 'answer' }>,
  objects: readonly FoundObject[],
  text: string,
  decisionKeys: readonly string[],
): boolean {
  const lead = text.slice(0, text.length - objects[0]!.remainder.length);
  if (countTornKeys(lead, decisionKeys) > 1) return false;
  const index = objects.indexOf(found);
  const before = objects.slice(0, index).filter((object) => namesField(object.text, decisionKeys));
  const proseAfter = objects.slice(index).map(({ after }) => after);
  const prose = [...before.map(({ after }) => after), ...proseAfter].join('\n');
  return !isTorn(prose, decisionKeys) && !isOverruled(fields.detected, proseAfter.join('\n'), decisionKeys);
}

function failed(code: 'empty' | 'no_final' | 'no_answer', thinking: string | null): ContentReading {
  return { choice: { kind: 'error', code }, found: [], thinking };
}
