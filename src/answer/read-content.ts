/**
 * Reads the content of a reply: JSON as a whole before anything is stripped, because there a marker can only stand
 * inside a string; then without its thinking; then object by object.
 */
import type { Choice } from './choose-reading';
import { chooseReading } from './choose-reading';
import { takeFinalChannel } from './final-channel';
import type { FoundObject } from './find-objects';
import { findObjects } from './find-objects';
import { isOverruled } from './is-overruled';
import { isRefusal } from './is-refusal';
import { parseJson } from './parse-json';
import { readObject } from './read-object';
import { stripThinking } from './strip-thinking';

/** What a content comes to. */
export interface ContentReading {
  choice: Choice;
  /** Thinking that stood in the content; null = none. */
  thinking: string | null;
}

/** Larger texts are read only where they are JSON as they stand. */
const MAX_UNREADABLE_BYTES = 64 * 1024;

/** Reads a content that is whole; whether it was cut is the caller's to know. */
export function readContent(content: string, decisionKeys: readonly string[]): ContentReading {
  const text = content.trim();
  if (text === '') return failed('empty', null);
  const whole = readWhole(text);
  if (typeof whole !== 'string') return { choice: choose([whole], whole.text, decisionKeys), thinking: null };
  const channels = takeFinalChannel(whole.trim());
  if (channels.answer === null) return failed('no_final', channels.thinking);
  const { answer, thinking: thought } = stripThinking(channels.answer);
  const thinking = [channels.thinking, thought].filter((part) => part !== null).join(' ') || null;
  if (answer === null || answer === '') {
    return failed(answer === '' && thinking === null ? 'empty' : 'no_answer', thinking);
  }
  const rest = readWhole(answer);
  const found = typeof rest === 'string' ? findObjects(rest) : [rest];
  return { choice: choose(found, answer, decisionKeys), thinking };
}

/** A text that is JSON as a whole, if need be after unpacking a JSON string; else the text, unpacked. */
function readWhole(text: string): FoundObject | string {
  const outer = parseJson(text);
  const json = typeof outer?.value === 'string' ? parseJson(outer.value) : outer;
  if (json !== null) return { ...json, isClosed: true, after: '' };
  return typeof outer?.value === 'string' ? outer.value : text;
}

function choose(objects: readonly FoundObject[], text: string, decisionKeys: readonly string[]): Choice {
  const choice = chooseReading(objects.map((object) => readObject(object, decisionKeys)));
  if (choice === null) return { kind: 'error', code: isRefusal(text) ? 'refusal' : 'no_json' };
  if (choice.kind === 'answer') {
    const proseAfter = objects.slice(objects.indexOf(choice.found)).map(({ after }) => after);
    const isStale = isOverruled(choice.fields.detected, proseAfter.join('\n'), decisionKeys);
    return isStale ? { kind: 'error', code: 'unparsable' } : choice;
  }
  const isUnread = choice.code === 'unparsable' || choice.code === 'truncated';
  if (isUnread && Buffer.byteLength(text) > MAX_UNREADABLE_BYTES) return { kind: 'error', code: 'too_large' };
  return choice;
}

function failed(code: 'empty' | 'no_final' | 'no_answer', thinking: string | null): ContentReading {
  return { choice: { kind: 'error', code }, thinking };
}
