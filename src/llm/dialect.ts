/**
 * How the servers that speak the chat completions protocol differ: what each is sent, what it knows and where it tells
 * about itself. One profile a server; what a profile does not know is never sent.
 */
import { DIALECTS } from './dialect-profiles';

/** The dialects, by the name of their server. */
export type DialectName =
  | 'openai'
  | 'azure'
  | 'vllm'
  | 'llama.cpp'
  | 'ollama'
  | 'lmstudio'
  | 'mlx_lm'
  | 'sglang'
  | 'tgi'
  | 'openrouter'
  | 'generic';

/** How a server is made to answer in JSON. */
export type JsonMode = 'json_schema' | 'json_object' | 'none';

/** The field that bounds the length of a reply. */
export type TokenCapField = 'max_tokens' | 'max_completion_tokens';

/** Where a server tells the size of its context window. */
export type LimitSource =
  'model list' | 'llama.cpp /props' | 'Ollama /api/show' | 'LM Studio /api/v0/models' | 'TGI /info' | 'none';

/** One server's profile. */
export interface Dialect {
  readonly name: DialectName;
  /** The server's name as people write it. */
  readonly title: string;
  /** Further spellings in `model.provider`: lower-case letters and digits only. */
  readonly aliases: readonly string[];
  readonly keyHeader: 'authorization' | 'api-key';
  /** Fields that bound the reply, the one that is sent first. */
  readonly tokenCapFields: readonly [TokenCapField, ...TokenCapField[]];
  /** JSON modes that work, the one that `auto` chooses first; empty = `auto` chooses none. */
  readonly jsonModes: readonly Exclude<JsonMode, 'none'>[];
  /** Whether other JSON modes may be tried when the config names them. */
  readonly triesOtherJsonModes: boolean;
  /** Whether JSON objects are refused unless the prompt holds the word. */
  readonly jsonNeedsTheWord: boolean;
  /** Models whose thinking a JSON mode garbles: `auto` chooses none for them; null = none known. */
  readonly jsonGarbles: RegExp | null;
  /** Where the schema stands: within `json_schema`, as OpenAI has it, or beside `type`. */
  readonly schemaPlace: 'json_schema' | 'response_format';
  /** `serial` = a request with a seed is served alone. */
  readonly seed: 'supported' | 'serial' | 'unknown';
  /** Whether a prompt over the window is cut without a word. */
  readonly cutsSilently: boolean;
  readonly limitSource: LimitSource;
  /** What to set at the server, for the documents. */
  readonly advice: string;
}

/** The profile of a dialect. */
export function dialectNamed(name: DialectName): Dialect {
  return DIALECTS.find((dialect) => dialect.name === name) ?? GENERIC;
}

/** The dialect that a `model.provider` names, however it is spelt; null = it names none, which is no mistake. */
export function dialectOfProvider(provider: string | null): Dialect | null {
  const spelling = lettersOf(provider ?? '');
  const named = DIALECTS.find(
    ({ name, aliases }) => lettersOf(name) === spelling || aliases.includes(spelling),
  );
  return named ?? null;
}

/** The dialect that a URL's host gives away; null = none. */
export function dialectOfHost({ hostname, pathname }: URL): Dialect | null {
  if (hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com')) return dialectNamed('openai');
  if (hostname === 'openrouter.ai') return dialectNamed('openrouter');
  if (/\.(?:openai|services\.ai|cognitiveservices)\.azure\.(?:com|us|cn)$/.test(hostname)) {
    return dialectNamed('azure');
  }
  return pathname.includes('/openai/deployments/') ? dialectNamed('azure') : null;
}

const GENERIC = DIALECTS.find(({ name }) => name === 'generic')!;

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
