/**
 * Brings values as written into the form that the schema checks: empty keys left out, variables expanded, and scalars
 * of the kind that their key takes (a name may look like a number, a variable may hold one).
 */
import type { Environment } from './environment';
import { expandVariables } from './expand-variables';
import { isKnownKey, kindOfKey, SECTIONS } from './known-keys';
import type { YamlConfig } from './parse-yaml';
import type { ConfigPath, ProblemList } from './problem-list';
import { isSecretName, looksLikeSecret } from './secret-literals';

/** Values of a config by section and key, before the schema has seen them. */
export type ConfigValues = Readonly<Record<string, unknown>>;

/** The text at a key; null = it is absent or no text. */
export function textAt(values: ConfigValues, section: string, key: string): string | null {
  const value = isRecord(values[section]) ? values[section][key] : undefined;
  return typeof value === 'string' ? value : null;
}

/** Whether a key has a value, of whatever kind. */
export function isGiven(values: ConfigValues, section: string, key: string): boolean {
  return isRecord(values[section]) && values[section][key] !== undefined;
}

/** What the values are prepared with. */
interface Preparation {
  yaml: YamlConfig;
  environment: Environment;
  problems: ProblemList;
}

/** Prepares the values of a config whose top is a mapping. Unset variables and literal secrets become problems. */
export function prepareValues(root: ConfigValues, preparation: Preparation): ConfigValues {
  const sections = Object.entries(root).map(([section, value]): [string, unknown] => {
    if (!SECTIONS.includes(section)) return [section, value];
    if (value === null) return [section, {}];
    return [section, isRecord(value) ? prepareSection(section, value, preparation) : value];
  });
  return Object.fromEntries(sections);
}

function prepareSection(section: string, values: ConfigValues, preparation: Preparation): ConfigValues {
  const entries = Object.entries(values)
    .filter(([key, value]) => value !== null || !isKnownKey(section, key))
    .map(([key, value]): [string, unknown] => [key, prepareValue([section, key], value, preparation)]);
  return Object.fromEntries(entries);
}

function prepareValue(path: ConfigPath, value: unknown, preparation: Preparation): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => prepareValue([...path, index], item, preparation));
  if (typeof value === 'string') return prepareText(path, value, preparation);
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  if (isBare && kindOf(path) === 'text') return preparation.yaml.sourceOf(path) ?? String(value);
  return value;
}

function prepareText(path: ConfigPath, text: string, { environment, problems }: Preparation): unknown {
  const [section, key] = path as [string, string];
  const isKnown = isKnownKey(section, key);
  if (looksLikeSecret(text) && (isKnown || !isSecretName(key))) {
    problems.add(
      path,
      'this looks like a key. Keys never stand in a config: put it into an environment variable and name that with model.api_key_env',
    );
    return text;
  }
  // The program that is told finds its variables in its own environment.
  if (!isKnown || key === 'api_key_env' || section === 'notify') return text;
  const forms = key === 'system_prompt' || key === 'user_template' ? 'braced' : 'braced and bare';
  const { text: expanded, unset, isExpanded } = expandVariables(text, environment, forms);
  if (unset.length > 0) {
    problems.add(path, describeUnset(unset));
    return text;
  }
  return isExpanded ? fitToKind(path, { text, expanded }, problems) : text;
}

/** How a message names variables that are not set. */
export function describeUnset(names: readonly string[]): string {
  const listed = names.join(', ');
  return names.length === 1
    ? `the environment variable ${listed} is not set`
    : `the environment variables ${listed} are not set`;
}

/** What a variable holds is not shown: it may be a secret. */
function fitToKind(
  path: ConfigPath,
  { text, expanded }: { text: string; expanded: string },
  problems: ProblemList,
): unknown {
  const kind = kindOf(path);
  const trimmed = expanded.trim();
  if (kind === 'number' || kind === 'number or word') {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
    if (kind === 'number or word') return trimmed;
    problems.add(path, `${quoteShort(text)} does not give a number`);
    return text;
  }
  if (kind === 'boolean') {
    if (/^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
    problems.add(path, `${quoteShort(text)} gives neither true nor false`);
    return text;
  }
  return expanded;
}

function quoteShort(text: string): string {
  return text.length > 40 ? 'the text' : JSON.stringify(text);
}

function kindOf(path: ConfigPath): ReturnType<typeof kindOfKey> {
  return path.length === 2 ? kindOfKey(String(path[0]), String(path[1])) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
