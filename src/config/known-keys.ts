/** What the schema says about single keys: which there are, of what kind, and which one a misspelt one was meant to be. */
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { ConfigSchema } from './schema';

/** A key and its section. */
interface KnownKey {
  section: string;
  key: string;
}

const SHAPES: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = Object.fromEntries(
  Object.entries(ConfigSchema.shape).map(([section, schema]) => [
    section,
    (schema instanceof z.ZodOptional ? schema.unwrap() : schema).shape,
  ]),
);
/** Section names, in the order in which they are written. */
export const SECTIONS: readonly string[] = Object.keys(SHAPES);
/** All keys that do something. */
const EFFECTIVE_KEYS: readonly KnownKey[] = SECTIONS.flatMap((section) =>
  Object.entries(SHAPES[section]!)
    .filter(([, schema]) => !(unwrap(schema) instanceof z.ZodUnknown))
    .map(([key]) => ({ section, key })),
);

/** Kinds of value; `number or word` is for keys that know a word beside their numbers. */
export type KeyKind = 'text' | 'number' | 'number or word' | 'boolean';

/** Kind of value that a key takes; null = no such key, or any kind will do. */
export function kindOfKey(section: string, key: string): KeyKind | null {
  const shape = SHAPES[section];
  const schema = shape && Object.hasOwn(shape, key) ? unwrap(shape[key]!) : undefined;
  if (schema instanceof z.ZodString) return 'text';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodUnion) return 'number or word';
  return schema instanceof z.ZodBoolean ? 'boolean' : null;
}

/** Whether the schema has this key in this section. */
export function isKnownKey(section: string, key: string): boolean {
  return Object.hasOwn(SHAPES, section) && Object.hasOwn(SHAPES[section]!, key);
}

/** A hint for a key that its section does not know; a null section is the top of the file. */
export function suggestKey(section: string | null, key: string): string {
  const elsewhere = EFFECTIVE_KEYS.filter((known) => known.key === key).map((known) => `"${known.section}:"`);
  if (elsewhere.length > 0) return `It belongs under ${elsewhere.join(' or ')}`;
  const siblings = section === null ? SECTIONS : keysOf(section);
  const sibling = nearest(key, siblings);
  if (sibling !== null) return `Did you mean "${sibling}"?`;
  const other = nearest(key, [...new Set(EFFECTIVE_KEYS.map((known) => known.key))]);
  const home = EFFECTIVE_KEYS.find((known) => known.key === other);
  if (home !== undefined) return `Did you mean "${home.key}" under "${home.section}:"?`;
  return `Known here: ${siblings.join(', ')}`;
}

function keysOf(section: string): string[] {
  return EFFECTIVE_KEYS.filter((known) => known.section === section).map((known) => known.key);
}

function unwrap(schema: z.ZodType): unknown {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}

/** The candidate that differs in at most a third of its letters; null = none is near. */
function nearest(key: string, candidates: readonly string[]): string | null {
  const ranked = candidates
    .map((candidate) => ({ candidate, steps: distance(plain(key), plain(candidate)) }))
    .filter(({ candidate, steps }) => steps <= Math.ceil(candidate.length / 3))
    .sort((a, b) => a.steps - b.steps);
  return ranked[0]?.candidate ?? null;
}

/** `maxTokens` and `max-tokens` are spellings of `max_tokens`. */
function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[-_\s]/g, '');
}
