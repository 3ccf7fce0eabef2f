/** Checks values against the schema and tells every deviation in words for the person who wrote the file. */
import { suggestKey } from './known-keys';
import type { ProblemList } from './problem-list';
import { quoteKey } from './quote-key';
import { ConfigSchema, type ConfigInput } from './schema';
import { isSecretName } from './secret-literals';

/** The typed values; null where they break the schema. A value that has a problem already gets no second one. */
export function checkSchema(values: unknown, problems: ProblemList): ConfigInput | null {
  const checked = ConfigSchema.safeParse(values);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    const path = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) addUnknownKey(path, key, values, problems);
    } else if (!problems.has(path)) {
      problems.add(path, path.length === 1 ? describeSection(path[0] as string, values) : issue.message);
    }
  }
  return null;
}

function addUnknownKey(
  path: readonly (string | number)[],
  key: string,
  values: unknown,
  problems: ProblemList,
): void {
  if (problems.has([...path, key])) return;
  const section = path.length === 0 ? null : String(path[0]);
  const message = isSecretName(key)
    ? `keys never stand in a config. Put it into an environment variable and name that under "model:", ${wayOut(valueAt(values, section, key))}`
    : `unknown key. ${suggestKey(section, key)}`;
  problems.addAtLine([...path, quoteKey(key)], problems.lineOf([...path, key]), message);
}

/** Where the variable is in sight already, its name; the value itself is never shown. */
function wayOut(value: unknown): string {
  const variable =
    typeof value === 'string' ? /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(value)?.[1] : undefined;
  return `such as api_key_env: ${variable ?? 'OPENAI_API_KEY'}`;
}

function valueAt(values: unknown, section: string | null, key: string): unknown {
  const holder = section === null ? values : (values as Record<string, unknown>)[section];
  return (holder as Record<string, unknown>)[key];
}

function describeSection(section: string, values: unknown): string {
  const isMissing = (values as Record<string, unknown>)[section] === undefined;
  if (!isMissing) return 'must be a section: its keys stand below it, indented';
  return section === 'run'
    ? 'missing required config section. Add "run:"; it may be empty'
    : `missing required config section. Add "${section}:" with its keys indented below it`;
}
