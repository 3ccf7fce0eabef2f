/** The profiles of all known servers. The table in docs/model-servers.md is made of them. */
import type { Dialect } from './dialect';

/** What a server is taken for that nothing is known of: OpenAI's oldest fields, and nothing that may be refused. */
const GENERIC: Dialect = {
  name: 'generic',
  title: 'any other server',
  aliases: ['openaicompatible', 'other', 'local', 'litellm'],
  keyHeader: 'authorization',
  tokenCapFields: ['max_tokens'],
  jsonModes: [],
  triesOtherJsonModes: true,
  jsonNeedsTheWord: false,
  jsonGarbles: null,
  schemaPlace: 'json_schema',
  seed: 'unknown',
  cutsSilently: false,
  limitSource: 'model list',
  advice: 'Name the server in `model.provider` if it is one of those above.',
};

/** Models that think in their reply before they answer: a grammar that begins with `{` forbids it to them. */
const THINKING_MODELS = /gpt-?oss|think|reason|\br1\b|qwq|magistral|qwen-?3(?!.*instruct)/i;

/** One profile a server. */
export const DIALECTS: readonly Dialect[] = [
  {
    ...GENERIC,
    name: 'openai',
    title: 'OpenAI',
    aliases: ['openaiapi', 'chatgpt'],
    tokenCapFields: ['max_completion_tokens'],
    jsonModes: ['json_object', 'json_schema'],
    jsonNeedsTheWord: true,
    seed: 'supported',
    limitSource: 'none',
    advice: '`model.api_key_env`, and its origin in `model.allowed_hosts`.',
  },
  {
    ...GENERIC,
    name: 'azure',
    title: 'Azure OpenAI',
    aliases: ['azureopenai', 'azureai', 'microsoft'],
    keyHeader: 'api-key',
    tokenCapFields: ['max_completion_tokens'],
    jsonModes: ['json_object', 'json_schema'],
    jsonNeedsTheWord: true,
    seed: 'supported',
    limitSource: 'none',
    advice:
      'The whole URL, with the deployment and `api-version`, or the base that ends in `/openai/v1`. ' +
      'Ask for a content filter that fits texts about violence.',
  },
  {
    ...GENERIC,
    name: 'vllm',
    title: 'vLLM',
    aliases: [],
    tokenCapFields: ['max_tokens', 'max_completion_tokens'],
    jsonModes: ['json_object', 'json_schema'],
    jsonGarbles: THINKING_MODELS,
    seed: 'supported',
    advice: '`--max-model-len` for the longest text and its reply.',
  },
  {
    ...GENERIC,
    name: 'llama.cpp',
    title: 'llama.cpp',
    aliases: ['llamaserver', 'llamacppserver', 'ggml'],
    jsonModes: ['json_object', 'json_schema'],
    jsonGarbles: THINKING_MODELS,
    schemaPlace: 'response_format',
    seed: 'supported',
    limitSource: 'llama.cpp /props',
    advice: '`-c` is shared by the slots of `-np`: give it longest text times slots.',
  },
  {
    ...GENERIC,
    name: 'ollama',
    title: 'Ollama',
    aliases: [],
    jsonModes: ['json_object', 'json_schema'],
    jsonGarbles: THINKING_MODELS,
    seed: 'supported',
    cutsSilently: true,
    limitSource: 'Ollama /api/show',
    advice:
      '`OLLAMA_CONTEXT_LENGTH` (or `num_ctx` in the Modelfile) for the longest text and its reply: a longer ' +
      'prompt is cut without a word. `OLLAMA_NUM_PARALLEL` as `run.concurrency`, `OLLAMA_KEEP_ALIVE=-1`.',
  },
  {
    ...GENERIC,
    name: 'lmstudio',
    title: 'LM Studio',
    aliases: ['lms'],
    jsonModes: ['json_schema'],
    triesOtherJsonModes: false,
    jsonGarbles: THINKING_MODELS,
    limitSource: 'LM Studio /api/v0/models',
    advice: 'Load the model with a context length for the longest text and its reply; unload it never.',
  },
  {
    ...GENERIC,
    name: 'mlx_lm',
    title: 'mlx_lm.server',
    aliases: ['mlx', 'mlxserver', 'mlxlmserver'],
    tokenCapFields: ['max_tokens', 'max_completion_tokens'],
    triesOtherJsonModes: false,
    seed: 'serial',
    limitSource: 'none',
    advice: 'No JSON mode. A seed makes it serve one request at a time.',
  },
  {
    ...GENERIC,
    name: 'sglang',
    title: 'SGLang',
    aliases: [],
    tokenCapFields: ['max_tokens', 'max_completion_tokens'],
    jsonModes: ['json_schema'],
    jsonGarbles: THINKING_MODELS,
    seed: 'supported',
    advice: '`--context-length` for the longest text and its reply.',
  },
  {
    ...GENERIC,
    name: 'tgi',
    title: 'TGI',
    aliases: ['textgenerationinference', 'huggingface'],
    tokenCapFields: ['max_tokens', 'max_completion_tokens'],
    triesOtherJsonModes: false,
    seed: 'supported',
    limitSource: 'TGI /info',
    advice: '`--max-total-tokens` for the longest text and its reply. Its grammars are not used.',
  },
  {
    ...GENERIC,
    name: 'openrouter',
    title: 'OpenRouter',
    aliases: [],
    tokenCapFields: ['max_tokens', 'max_completion_tokens'],
    advice:
      '`model.api_key_env`, and its origin in `model.allowed_hosts`. Pin one provider for the model in the account: ' +
      'a reply by another model pauses the experiment.',
  },
  GENERIC,
];
