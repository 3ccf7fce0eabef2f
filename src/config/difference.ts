/** Tells in words how two frozen configs differ. Prompts and notes are never quoted. */
import { sha256Hex } from './fingerprint';
import type { FrozenConfig } from './frozen-config';

const SHOWN_DIGITS = 8;

/** A frozen config together with the texts it is about. */
export interface FrozenForDifference {
  frozen: FrozenConfig;
  textsSha256: string;
}

type Comparison = (before: FrozenForDifference, after: FrozenForDifference) => string | null;

/** What makes it another experiment stands first; what merely goes with it follows. */
const COMPARISONS: readonly Comparison[] = [
  scalar('model.name', ({ frozen }) => frozen.modelName),
  scalar('model.temperature', ({ frozen }) => frozen.temperature),
  scalar('model.max_tokens', ({ frozen }) =>
    frozen.maxTokensWritten ? frozen.maxTokens : `not given (${frozen.maxTokens})`,
  ),
  scalar('model.response_format', ({ frozen }) => frozen.responseFormat ?? 'auto'),
  scalar('model.send_seed', ({ frozen }) => frozen.sendSeed ?? false),
  hashed('prompt.system_prompt', ({ frozen }) => frozen.systemPrompt),
  hashed('prompt.user_template', ({ frozen }) => frozen.userTemplate),
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
  scalar('run.save_csv_json', ({ frozen }) => frozen.saveCsvJson),
];

/** One line for each field that differs; empty = no difference. */
export function describeDifference(before: FrozenForDifference, after: FrozenForDifference): string[] {
  return COMPARISONS.map((compare) => compare(before, after)).filter((line) => line !== null);
}

function scalar(
  key: string,
  read: (side: FrozenForDifference) => string | number | boolean | null,
): Comparison {
  return (before, after) => {
    const [old, fresh] = [read(before), read(after)];
    return old === fresh ? null : `${key}: ${old ?? 'none'} -> ${fresh ?? 'none'}`;
  };
}

function listWords(words: Readonly<Record<string, number>> | undefined): string | null {
  if (words === undefined) return null;
  return Object.entries(words)
    .map(([word, number]) => `${word} ${number}`)
    .join(', ');
}

function hashed(key: string, read: (side: FrozenForDifference) => string): Comparison {
  return (before, after) => {
    const [old, fresh] = [read(before), read(after)];
    if (old === fresh) return null;
    const hashes = `sha256 ${shorten(sha256Hex(old))} -> ${shorten(sha256Hex(fresh))}`;
    return `${key}: changed (${hashes}, ${old.length} -> ${fresh.length} characters)`;
  };
}

function texts(before: FrozenForDifference, after: FrozenForDifference): string | null {
  if (before.textsSha256 === after.textsSha256) return null;
  return `texts: changed (sha256 ${shorten(before.textsSha256)} -> ${shorten(after.textsSha256)})`;
}

function shorten(hash: string): string {
  return `${hash.slice(0, SHOWN_DIGITS)}…`;
}
