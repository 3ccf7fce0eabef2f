/**
 * Finds the parts of an object or list that is almost JSON: other quotes or none around keys, quotes inside strings,
 * Python's words, comments, missing or additional commas. It says where keys and values stand, what must be written
 * otherwise to be JSON, and which strings might end elsewhere. One pass, no recursion, at most 64 levels.
 */
import { normalizeKey } from './answer-fields';
import { isInsideOfJsonString, toJsonString } from './json-string';
import type { StringPlace } from './loose-syntax';
import {
  bareKeyAt,
  bareValueAt,
  closingQuotes,
  decimalCommaAt,
  mayEndString,
  skipBlank,
  startsQuotedKey,
} from './loose-syntax';

/** A key and its value. Places are indexes of the scanned text. */
export interface LooseMember {
  /** As keys compare. */
  key: string;
  keyStart: number;
  /** A string without its quotes, or what stands there without quotes; null = an object, a list, or not reached. */
  value: string | null;
  valueEnd: number;
}

/** A piece of text that JSON writes otherwise. */
export interface Patch {
  start: number;
  end: number;
  json: string;
  /** Whether it is the value of a confidence without quotes. */
  isConfidence: boolean;
}

/** An object or list from its opening to its closing bracket. */
export interface LooseObject {
  end: number;
  members: LooseMember[];
  patches: Patch[];
  /** Start and end of the strings that hold quotes of their own kind, so that their ends are a matter of opinion. */
  unclear: { start: number; end: number }[];
}

/** `unclosed` = the text ends before it does; `failed` = it cannot be followed. */
export type LooseScan = LooseObject | 'unclosed' | 'failed';

const MOST_LEVELS = 64;
/** After each of them a string might end, and what follows is looked at. */
const MOST_INNER_QUOTES = 1000;
const JSON_SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const PYTHON_WORDS = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
]);

type State = 'key' | 'value' | 'item' | 'after' | 'unclosed' | 'failed';

/** Scans the object or list that begins at the first character of a text. */
export function scanLoosely(text: string): LooseScan {
  return new LooseScanner(text).scan();
}

class LooseScanner {
  private at = 0;
  private hasBareKeys = false;
  private innerQuotes = 0;
  private readonly levels: { bracket: '{' | '['; member: LooseMember | null }[] = [];
  private readonly found: LooseObject = { end: 0, members: [], patches: [], unclear: [] };

  constructor(private readonly text: string) {}

  scan(): LooseScan {
    let state = this.readValue();
    while (this.levels.length > 0) {
      if (state === 'unclosed' || state === 'failed') return state;
      if (this.levels.length > MOST_LEVELS) return 'failed';
      const isAfterBlank = this.skipBlank() > 0;
      if (this.at >= this.text.length) return 'unclosed';
      state = this.step(state, isAfterBlank);
    }
    this.found.patches.sort((a, b) => a.start - b.start);
    return { ...this.found, end: this.at };
  }

  private step(state: Exclude<State, 'unclosed' | 'failed'>, isAfterBlank: boolean): State {
    switch (state) {
      case 'key':
        return this.isAtEnd() ? this.close() : this.readKey();
      case 'item':
        return this.isAtEnd() ? this.close() : this.readValue();
      case 'value':
        return this.readValue();
      case 'after':
        return this.readAfter(isAfterBlank);
    }
  }

  private readKey(): State {
    const keyStart = this.at;
    const key = this.readBareKey() ?? this.readString('key');
    if (key === null) return 'failed';
    this.skipBlank();
    if (this.text[this.at] !== ':') return 'failed';
    this.at += 1;
    const member: LooseMember = { key: normalizeKey(key), keyStart, value: null, valueEnd: this.at };
    this.found.members.push(member);
    this.levels.at(-1)!.member = member;
    return 'value';
  }

  private readBareKey(): string | null {
    const key = bareKeyAt(this.text, this.at);
    if (key === null) return null;
    this.at += key.length;
    this.patch(this.at - key.length, JSON.stringify(key));
    this.hasBareKeys = true;
    return key;
  }

  private readValue(): State {
    const bracket = this.text[this.at];
    if (bracket === '{' || bracket === '[') {
      this.at += 1;
      this.levels.push({ bracket, member: null });
      return bracket === '{' ? 'key' : 'item';
    }
    const isString = closingQuotes(this.text, this.at) !== undefined;
    const place = this.levels.at(-1)?.bracket === '[' ? 'item' : 'member';
    const value = isString ? this.readString(place) : this.readBareValue();
    if (value === null) return isString ? 'unclosed' : 'failed';
    return this.endValue(value);
  }

  private endValue(value: string | null): State {
    const member = this.levels.at(-1)?.member;
    if (member != null) Object.assign(member, { value, valueEnd: this.at });
    return 'after';
  }

  private readAfter(isAfterBlank: boolean): State {
    const { bracket } = this.levels.at(-1)!;
    const next = bracket === '{' ? 'key' : 'item';
    if (this.isAtEnd()) return this.close();
    if (this.text[this.at] === ',') {
      const comma = { start: this.at, end: this.at + 1, json: '', isConfidence: false };
      this.at += 1;
      this.skipBlank();
      if (this.isAtEnd()) this.found.patches.push(comma);
      return next;
    }
    if (bracket === '[' || !isAfterBlank || !startsQuotedKey(this.text, this.at)) return 'failed';
    this.patch(this.at, ',');
    return next;
  }

  private isAtEnd(): boolean {
    return this.text[this.at] === (this.levels.at(-1)!.bracket === '{' ? '}' : ']');
  }

  private close(): State {
    this.at += 1;
    this.levels.pop();
    return this.endValue(null);
  }

  /** null = it does not end, or is a key that could end elsewhere. */
  private readString(place: StringPlace): string | null {
    const { text, at: start } = this;
    const closing = closingQuotes(text, start);
    if (closing === undefined) return null;
    let isUnclear = false;
    for (let index = start + 1; index < text.length; index += 1) {
      const character = text[index]!;
      if (character === '\\') index += 1;
      if (!closing.includes(character)) continue;
      this.at = index + 1;
      if (mayEndString(text, this.at, { place, hasBareKeys: this.hasBareKeys })) {
        if (isUnclear) this.found.unclear.push({ start, end: this.at });
        return this.noteString(start, isUnclear);
      }
      this.innerQuotes += 1;
      if (place === 'key' || this.innerQuotes > MOST_INNER_QUOTES) return null;
      isUnclear = true;
    }
    return null;
  }

  private noteString(start: number, isUnclear: boolean): string {
    const inside = this.text.slice(start + 1, this.at - 1);
    const isJson = !isUnclear && this.text[start] === '"' && isInsideOfJsonString(inside);
    const json = isJson ? `"${inside}"` : toJsonString(inside);
    if (!isJson) this.patch(start, json);
    return JSON.parse(json) as string;
  }

  private readBareValue(): string | null {
    const start = this.at;
    const isConfidence = this.levels.at(-1)?.member?.key === 'confidence';
    const value = (isConfidence ? decimalCommaAt(this.text, start) : null) ?? bareValueAt(this.text, start);
    if (value === null) return null;
    this.at = start + value.length;
    if (!JSON_SCALAR.test(value)) {
      this.patch(start, PYTHON_WORDS.get(value) ?? JSON.stringify(value), isConfidence && value !== 'None');
    }
    return value;
  }

  /** How many characters there were. */
  private skipBlank(): number {
    const start = this.at;
    this.at = skipBlank(this.text, start);
    if (this.text.slice(start, this.at).trim() !== '') this.patch(start, ' ');
    return this.at - start;
  }

  private patch(start: number, json: string, isConfidence = false): void {
    this.found.patches.push({ start, end: this.at, json, isConfidence });
  }
}
