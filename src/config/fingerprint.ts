/**
 * The identity of an experiment: a hash of all that can change an answer. Two configs with one fingerprint are the
 * same experiment; where the calls go, labels, notes and defaults that nobody wrote are not in it.
 */
import { createHash } from 'node:crypto';
import { canonicalAnswerSettings } from './canonical-answer-settings';
import type { FrozenConfig } from './frozen-config';

/** Changes when other things go into the hash. */
const FINGERPRINT_VERSION = 1;
const MAX_SLUG_LENGTH = 40;
const ID_DIGITS = 10;

/** What the fingerprint is made of. */
export interface FingerprintParts {
  /** Its maxNarratives and sample must be null when they select all texts: to ask for more than there are is to ask for all. */
  frozen: Pick<
    FrozenConfig,
    | 'modelName'
    | 'temperature'
    | 'maxTokens'
    | 'maxTokensWritten'
    | 'systemPrompt'
    | 'userTemplate'
    | 'maxNarratives'
    | 'sample'
    | 'responseFormat'
    | 'sendSeed'
    | 'seed'
    | 'answer'
  >;
  /** SHA-256 over the ordered ids, types and texts of the dataset. */
  textsSha256: string;
}

/** The fingerprint: 64 hex digits. */
export function fingerprintOf({ frozen, textsSha256 }: FingerprintParts): string {
  const parts = {
    v: FINGERPRINT_VERSION,
    model: frozen.modelName,
    temperature: frozen.temperature,
    ...(frozen.maxTokensWritten ? { max_tokens: frozen.maxTokens } : {}),
    ...((frozen.responseFormat ?? 'auto') === 'auto' ? {} : { response_format: frozen.responseFormat! }),
    ...(frozen.sendSeed === true ? { seed: frozen.seed } : {}),
    ...(frozen.answer == null ? {} : { answer: canonicalAnswerSettings(frozen.answer) }),
    system_prompt: frozen.systemPrompt,
    user_template: frozen.userTemplate,
    texts_sha256: textsSha256,
    max_narratives: frozen.maxNarratives,
    ...(frozen.sample == null ? {} : { sample: frozen.sample, sample_seed: frozen.seed }),
  };
  return sha256Hex(canonicalJson(parts));
}

/** The id of an experiment, such as `brakes-v2-1a2b3c4d5e`; from the second replicate on, `-r2` and so on follow. */
export function experimentIdOf(name: string, fingerprint: string, replicate: number): string {
  const suffix = replicate === 1 ? '' : `-r${replicate}`;
  return `${slugOf(name)}-${fingerprint.slice(0, ID_DIGITS)}${suffix}`;
}

/** SHA-256 of a text as UTF-8: 64 hex digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** One spelling whatever the order of the keys: sorted, without blanks. */
function canonicalJson(parts: Record<string, string | number | null>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Accents are dropped from letters; whatever else is no letter or digit becomes a hyphen. */
function slugOf(name: string): string {
  const hyphenated = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return trimHyphens(trimHyphens(hyphenated).slice(0, MAX_SLUG_LENGTH)) || 'experiment';
}

function trimHyphens(text: string): string {
  return text.replaceAll(/^-+|-+$/g, '');
}
