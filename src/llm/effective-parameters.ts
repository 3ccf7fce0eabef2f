/**
 * What an experiment's calls are made with: decided once, before its first narrative, and kept in its row. The server
 * may refuse a parameter then; what is given up for that is an adjustment, which the row records, too.
 */
import { dialectNamed, type Dialect, type DialectName, type JsonMode, type TokenCapField } from './dialect';

/** What the config asks for: `auto` = the best mode that is known to work. */
export type ResponseFormat = 'auto' | JsonMode;

/** The parameters as a config asks for them. */
export interface AskedParameters {
  readonly modelName: string;
  readonly temperature: number;
  readonly maxTokens: number;
  readonly responseFormat: ResponseFormat;
  /** null = the seed is not to be sent. */
  readonly seed: number | null;
  /** Whether the prompt holds the word JSON, which some servers want before they answer in it. */
  readonly promptSaysJson: boolean;
}

/** The parameters as they are sent with every narrative of an experiment. */
export interface EffectiveParameters {
  readonly version: 1;
  readonly dialect: DialectName;
  readonly jsonMode: JsonMode;
  readonly tokenCapField: TokenCapField;
  /** Longest reply in tokens. */
  readonly maxTokens: number;
  /** null = not sent, because the server allows its own only. */
  readonly temperature: number | null;
  /** null = not sent. */
  readonly seed: number | null;
  /** What the server made us give up, in words. */
  readonly adjustments: readonly string[];
  /** The model that the first reply named; null = it named none. */
  readonly repliedModel: string | null;
  /** Tokens of prompt and reply together; null = the server does not tell. */
  readonly contextWindow: number | null;
  /** Where the calls went when this was decided. */
  readonly decidedAt: string;
}

/** The parameters to try first on a server of this dialect. */
export function startingParameters(
  dialect: Dialect,
  asked: AskedParameters,
  apiUrl: string,
): EffectiveParameters {
  return {
    version: 1,
    dialect: dialect.name,
    jsonMode: jsonModeFor(dialect, asked),
    tokenCapField: dialect.tokenCapFields[0],
    maxTokens: asked.maxTokens,
    temperature: asked.temperature,
    seed: asked.seed,
    adjustments: [],
    repliedModel: null,
    contextWindow: null,
    decidedAt: apiUrl,
  };
}

/** Why a dialect cannot do what the config asks for; null = it can. */
export function unusableFormat(dialect: Dialect, responseFormat: ResponseFormat): string | null {
  if (responseFormat === 'auto' || responseFormat === 'none' || dialect.triesOtherJsonModes) return null;
  if (dialect.jsonModes.includes(responseFormat)) return null;
  const known = dialect.jsonModes.length === 0 ? 'none' : ['none', ...dialect.jsonModes].join(' or ');
  return `${dialect.title} knows no ${responseFormat}: set model.response_format to auto or ${known}`;
}

/**
 * The parameters without what the server refused; null = nothing is left to give up. `mayChangeFormat` = the config
 * leaves the JSON mode to us.
 */
export function adjustParameters(
  current: EffectiveParameters,
  refused: string,
  mayChangeFormat: boolean,
): EffectiveParameters | null {
  const because = (what: string): readonly string[] => [...current.adjustments, what];
  if (refused === 'temperature' && current.temperature !== null) {
    const what = `temperature ${current.temperature} is not sent: the server allows its own only`;
    return { ...current, temperature: null, adjustments: because(what) };
  }
  if (refused === 'seed' && current.seed !== null) {
    return { ...current, seed: null, adjustments: because('seed is not sent: the server refuses it') };
  }
  if (refused === current.tokenCapField) {
    const other: TokenCapField = refused === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    const isTried = current.adjustments.some((line) => line.startsWith(`${other} is refused`));
    const what = `${refused} is refused: the longest reply is sent as ${other}`;
    return isTried ? null : { ...current, tokenCapField: other, adjustments: because(what) };
  }
  if (refused.startsWith('response_format') && current.jsonMode !== 'none' && mayChangeFormat) {
    const what = `response_format ${current.jsonMode} is refused: none is sent`;
    return { ...current, jsonMode: 'none', adjustments: because(what) };
  }
  return null;
}

/** The parameters without their JSON mode, for a server that gives nothing readable with it. */
export function withoutJsonMode(current: EffectiveParameters): EffectiveParameters {
  const what = `response_format ${current.jsonMode} brings no answer that can be read: none is sent`;
  return { ...current, jsonMode: 'none', adjustments: [...current.adjustments, what] };
}

/** Why parameters that were frozen with another server would mean something else to this one; null = they would not. */
export function incompatibleWith(dialect: Dialect, frozen: EffectiveParameters): string | null {
  const origin = dialectNamed(frozen.dialect);
  if (dialect.name === 'generic' || dialect.name === origin.name) return null;
  if (!dialect.tokenCapFields.includes(frozen.tokenCapField)) {
    return `${dialect.title} does not heed ${frozen.tokenCapField}, by which this experiment bounds its replies`;
  }
  const { jsonMode } = frozen;
  if (jsonMode === 'none') return null;
  const isSame = dialect.jsonModes.includes(jsonMode) || dialect.triesOtherJsonModes;
  const isSpeltAlike = jsonMode === 'json_object' || dialect.schemaPlace === origin.schemaPlace;
  return isSame && isSpeltAlike
    ? null
    : `${dialect.title} does not know ${jsonMode} as ${origin.title} does, with which this experiment began`;
}

function jsonModeFor(dialect: Dialect, asked: AskedParameters): JsonMode {
  if (asked.responseFormat !== 'auto') return asked.responseFormat;
  if (dialect.jsonGarbles?.test(asked.modelName)) return 'none';
  const [best] = dialect.jsonModes;
  if (best === 'json_object' && dialect.jsonNeedsTheWord && !asked.promptSaysJson) return 'none';
  return best ?? 'none';
}
