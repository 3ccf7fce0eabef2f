/** Reads the two parts of the prompt, each from the config itself or from a file that it names. */
import type { Environment } from './environment';
import { expandVariables } from './expand-variables';
import { expandHome } from './home-folder';
import { describeUnset, isGiven, textAt, type ConfigValues } from './prepare-values';
import type { ProblemList } from './problem-list';
import { readTextFile } from './read-text-file';
import { resolveFile } from './resolve-file';
import { TEXT_PLACEHOLDER } from './schema';

/** Both parts as they will be sent. */
export interface Prompts {
  systemPrompt: string;
  userTemplate: string;
}

/** What the prompts are read with. */
export interface PromptSources {
  environment: Environment;
  /** Where files are looked for, in this order. */
  folders: readonly [string, ...string[]];
  problems: ProblemList;
}

/** The prompts; a part that has a problem is empty. */
export function readPrompts(values: ConfigValues, sources: PromptSources): Prompts {
  const system = readPart(values, 'system_prompt', sources);
  const template = readPart(values, 'user_template', sources);
  if (template !== null && !template.text.includes(TEXT_PLACEHOLDER)) {
    sources.problems.add(
      ['prompt', template.key],
      `must contain ${TEXT_PLACEHOLDER}, where each text is put in`,
    );
  }
  return { systemPrompt: system?.text ?? '', userTemplate: template?.text ?? '' };
}

type Part = 'system_prompt' | 'user_template';

/** The text of a part and the key that gave it; null = a problem was added. */
function readPart(
  values: ConfigValues,
  part: Part,
  sources: PromptSources,
): { text: string; key: string } | null {
  const fileKey = `${part}_file`;
  const isInline = isGiven(values, 'prompt', part);
  const isFile = isGiven(values, 'prompt', fileKey);
  if (isInline && isFile) {
    sources.problems.add(['prompt', fileKey], `${part} is given too. Keep one of the two`);
    return null;
  }
  if (isFile) return readPartFile(values, fileKey, sources);
  if (!isInline) {
    if (values.prompt !== undefined) {
      sources.problems.add(['prompt', part], `is required: the text here, or its file as ${fileKey}`);
    }
    return null;
  }
  const text = textAt(values, 'prompt', part);
  if (text !== null && text.trim() === '') sources.problems.add(['prompt', part], 'is empty');
  return text === null || text.trim() === '' ? null : { text, key: part };
}

function readPartFile(
  values: ConfigValues,
  key: string,
  { environment, folders, problems }: PromptSources,
): { text: string; key: string } | null {
  const path = ['prompt', key];
  const written = textAt(values, 'prompt', key);
  if (written === null || problems.has(path)) return null;
  const { text, fault } = readTextFile(resolveFile(expandHome(written, environment), folders).path);
  if (text === null) {
    problems.add(path, `${fault} (looked from ${[...new Set(folders)].join(' and ')})`);
    return null;
  }
  const expanded = expandVariables(text.replace(/\r?\n$/, ''), environment, 'braced');
  if (expanded.unset.length > 0) problems.add(path, `in the file, ${describeUnset(expanded.unset)}`);
  else if (expanded.text.trim() === '') problems.add(path, 'the file is empty');
  else return { text: expanded.text, key };
  return null;
}
