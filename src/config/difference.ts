/** Tells in words how two frozen configs differ. */
import { sha256Hex } from './fingerprint';
import type { FrozenConfig } from './frozen-config';
import { formatWordDiff } from './word-diff';

const SHOWN_DIGITS = 8;

/** A frozen config together with the texts it is about. */
export interface FrozenForDifference {
  frozen: FrozenConfig;
  textsSha256: string;
}

/** A field that differs. */
export interface FieldDifference {
  /** Dotted key of the config, or `texts`. */
  key: string;
  /** One line; prompts and notes are named by hash and length, never quoted. */
  summary: string;
  /** The word diff of a prompt, for the eyes of its author only; null = not a prompt. */
  words: string | null;
}

/** The fields of which the fingerprint is made; the others may change while an experiment goes on. */
const DECISIVE: readonly string[] = [
  'model.name',
  'model.temperature',
  'model.max_tokens',
  'model.response_format',
  'model.send_seed',
  'prompt.system_prompt',
  'prompt.user_template',
  'texts',
  'run.max_narratives',
];

type Comparison = (before: FrozenForDifference, after: FrozenForDifference) => FieldDifference | null;

/** What makes it another experiment stands first; what merely goes with it follows. */
const COMPARISONS: readonly Comparison[] = [
  scalar('model.name', ({ frozen }) => frozen.modelName),
  scalar('model.temperature', ({ frozen }) => frozen.temperature),
  scalar('model.max_tokens', ({ frozen }) =>
    frozen.maxTokensWritten ? frozen.maxTokens : `not given (${frozen.maxTokens})`,
  ),
  scalar('model.response_format', ({ frozen }) => frozen.responseFormat ?? 'auto'),
  scalar('model.send_seed', ({ frozen }) => frozen.sendSeed ?? false),
  prompt('prompt.system_prompt', ({ frozen }) => frozen.systemPrompt),
  prompt('prompt.user_template', ({ frozen }) => frozen.userTemplate),
  texts,
  scalar('answer.decision_aliases', ({ frozen }) => frozen.answer?.decisionAliases?.join(', ') ?? null),
  scalar('answer.confidence_words', ({ frozen }) => listWords(frozen.answer?.confidenceWords)),
  scalar('answer.accept_partial', ({ frozen }) => frozen.answer?.acceptPartial ?? null),
  scalar('answer.extra_fields', ({ frozen }) => frozen.answer?.extraFields?.join(', ') ?? null),
  scalar('run.max_narratives', ({ frozen }) => frozen.maxNarratives ?? 'all'),
  scalar('experiment.name', ({ frozen }) => frozen.name),
  scalar('experiment.author', ({ frozen }) => frozen.author),
  hashed('experiment.notes', ({ frozen }) => frozen.notes ?? ''),
  scalar('model.provider', ({ frozen }) => frozen.provider),
  scalar('prompt.version', ({ frozen }) => frozen.promptVersion),
  scalar('data.file', ({ frozen }) => frozen.dataFile),
  scalar('run.seed', ({ frozen }) => frozen.seed),
  scalar('run.batch_size', ({ frozen }) => frozen.batchSize),
  scalar('run.ask_once', ({ frozen }) => frozen.askOnce ?? false),
  scalar('run.save_csv_json', ({ frozen }) => frozen.saveCsvJson),
  scalar('run.backup_every_batches', ({ frozen }) => frozen.backupEveryBatches ?? null),
];

/** The fields that differ; empty = no difference. */
export function listDifferences(before: FrozenForDifference, after: FrozenForDifference): FieldDifference[] {
  return COMPARISONS.map((compare) => compare(before, after)).filter((difference) => difference !== null);
}

/** Those of the fields that make it another experiment. */
export function listDecisiveDifferences(
  before: FrozenForDifference,
  after: FrozenForDifference,
): FieldDifference[] {
  const isSeedSent = before.frozen.sendSeed === true && after.frozen.sendSeed === true;
  return listDifferences(before, after).filter(
    ({ key }) => DECISIVE.includes(key) || key.startsWith('answer.') || (key === 'run.seed' && isSeedSent),
  );
}

/** One line for each field that differs, without any text of a prompt. */
export function describeDifference(before: FrozenForDifference, after: FrozenForDifference): string[] {
  return listDifferences(before, after).map(({ summary }) => summary);
}

type Read<T> = (side: FrozenForDifference) => T;

function scalar(key: string, read: Read<string | number | boolean | null>): Comparison {
  return (before, after) => {
    const [old, fresh] = [read(before), read(after)];
    return old === fresh
      ? null
      : { key, summary: `${key}: ${old ?? 'none'} -> ${fresh ?? 'none'}`, words: null };
  };
}

function listWords(words: Readonly<Record<string, number>> | undefined): string | null {
  if (words === undefined) return null;
  return Object.entries(words)
    .map(([word, number]) => `${word} ${number}`)
    .join(', ');
}

function hashed(key: string, read: Read<string>): Comparison {
  return (before, after) => {
    const [old, fresh] = [read(before), read(after)];
    if (old === fresh) return null;
    const hashes = `sha256 ${shorten(sha256Hex(old))} -> ${shorten(sha256Hex(fresh))}`;
    const summary = `${key}: changed (${hashes}, ${old.length} -> ${fresh.length} characters)`;
    return { key, summary, words: null };
  };
}

function prompt(key: string, read: Read<string>): Comparison {
  const compare = hashed(key, read);
  return (before, after) => {
    const difference = compare(before, after);
    return difference === null ? null : { ...difference, words: formatWordDiff(read(before), read(after)) };
  };
}

function texts(before: FrozenForDifference, after: FrozenForDifference): FieldDifference | null {
  if (before.textsSha256 === after.textsSha256) return null;
  const hashes = `sha256 ${shorten(before.textsSha256)} -> ${shorten(after.textsSha256)}`;
  return { key: 'texts', summary: `texts: changed (${hashes})`, words: null };
}

function shorten(hash: string): string {
  return `${hash.slice(0, SHOWN_DIGITS)}…`;
}
