/**
 * The fields of an answer as they are kept beside its columns: all that the model wrote, as JSON, so that a later
 * question about them needs no new call.
 */
import { normalizeKey } from './answer-fields';
import { isShallow } from './list-texts';

/** Most that is kept of one answer, in UTF-8. */
const MAX_FIELDS_BYTES = 64 * 1024;

/** What is kept. */
export interface KeptFields {
  /** An object as JSON text; at most 64 KiB. */
  json: string;
  /** Whether fields were left out because they are too large. */
  isCut: boolean;
}

/**
 * Keeps the fields of `answer`. Those named in `extraFields` come first, stand under the name given there and are
 * also looked for in `outer`, the object around the answer.
 */
export function keepFields(
  answer: Readonly<Record<string, unknown>>,
  outer: Readonly<Record<string, unknown>> | null,
  extraFields: readonly string[],
): KeptFields {
  const wanted = new Map(extraFields.map((name) => [normalizeKey(name), name.trim()]));
  const beside = Object.entries(outer ?? {}).filter(([key]) => wanted.has(normalizeKey(key)));
  const fields = new Map<string, unknown>();
  for (const [key, value] of [...beside, ...Object.entries(answer)]) {
    fields.set(wanted.get(normalizeKey(key)) ?? key, value);
  }
  const names = new Set(wanted.values());
  const isExtra = ([key]: [string, unknown]): number => (names.has(key) ? 0 : 1);
  return writeFields([...fields].sort((a, b) => isExtra(a) - isExtra(b)));
}

function writeFields(fields: readonly [string, unknown][]): KeptFields {
  const written: string[] = [];
  let bytes = 2;
  for (const [key, value] of fields) {
    if (isTooLarge(value) || !isShallow(value)) continue;
    const field = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    const size = Buffer.byteLength(field) + 1;
    if (bytes + size > MAX_FIELDS_BYTES) continue;
    bytes += size;
    written.push(field);
  }
  return { json: `{${written.join(',')}}`, isCut: written.length < fields.length };
}

/** Told before it is written, which takes long for what is left out anyway. */
function isTooLarge(value: unknown): boolean {
  return (typeof value === 'string' || Array.isArray(value)) && value.length > MAX_FIELDS_BYTES;
}
