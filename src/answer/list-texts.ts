import { isJsonObject } from './parse-json';

/** Deeper objects are left out: JSON.stringify recurses, and where it gives up depends on the stack. */
const DEEPEST_JSON_TEXT = 64;

/**
 * The texts in a JSON value, in order: lists of lists flattened, numbers and booleans as strings, objects by their
 * `name` if `objectsByName`, else as JSON text. null gives nothing. Without recursion, so any depth is read.
 */
export function* listTexts(value: unknown, objectsByName: boolean): Generator<string> {
  const pending: Iterator<unknown>[] = [[value].values()];
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    const next = top.next();
    if (next.done === true) pending.pop();
    else if (Array.isArray(next.value)) pending.push((next.value as unknown[]).values());
    else {
      const text = textOf(next.value, objectsByName);
      if (text !== null) yield text;
    }
  }
}

function textOf(value: unknown, objectsByName: boolean): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isJsonObject(value)) return null;
  if (objectsByName && Object.hasOwn(value, 'name') && !isContainer(value.name)) {
    return textOf(value.name, false);
  }
  return isShallow(value) ? JSON.stringify(value) : null;
}

/** Whether a value is nested at most 64 levels deep. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth < DEEPEST_JSON_TEXT && level.length > 0; depth += 1) {
    level = level.filter(isContainer).flatMap((item): unknown[] => Object.values(item));
  }
  return level.length === 0;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
