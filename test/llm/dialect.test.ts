import { chatBody } from '../../src/llm/chat-body';
import { dialectNamed, dialectOfHost, dialectOfProvider, type DialectName } from '../../src/llm/dialect';
import { DIALECTS } from '../../src/llm/dialect-profiles';
import {
  adjustParameters,
  incompatibleWith,
  startingParameters,
  unusableFormat,
  type AskedParameters,
} from '../../src/llm/effective-parameters';
import { parameters } from './parameters';

const ASKED: AskedParameters = {
  modelName: 'some-instruct',
  temperature: 0.2,
  maxTokens: 512,
  responseFormat: 'auto',
  seed: null,
  promptSaysJson: true,
};

function starting(name: DialectName, asked: Partial<AskedParameters> = {}) {
  return startingParameters(dialectNamed(name), { ...ASKED, ...asked }, 'http://127.0.0.1/v1');
}

function body(name: DialectName, asked: Partial<AskedParameters> = {}): Record<string, unknown> {
  const request = { model: 'm', system: '', user: 'U', parameters: starting(name, asked) };
  return chatBody(request) as Record<string, unknown>;
}

describe('the dialect of a provider', () => {
  it.each<[string, DialectName]>([
    ['OpenAI', 'openai'],
    ['azure-openai', 'azure'],
    ['vLLM', 'vllm'],
    ['llama.cpp', 'llama.cpp'],
    ['llama-server', 'llama.cpp'],
    ['Ollama', 'ollama'],
    ['LM Studio', 'lmstudio'],
    ['lmstudio', 'lmstudio'],
    ['mlx', 'mlx_lm'],
    ['mlx_lm.server', 'mlx_lm'],
    ['SGLang', 'sglang'],
    ['TGI', 'tgi'],
    ['text-generation-inference', 'tgi'],
    ['OpenRouter', 'openrouter'],
    ['generic', 'generic'],
  ])('is known by %s', (provider, name) => {
    expect(dialectOfProvider(provider)?.name).toBe(name);
  });

  it('is not known by any other text, which is no mistake', () => {
    expect(dialectOfProvider('our cluster')).toBeNull();
    expect(dialectOfProvider(null)).toBeNull();
    expect(dialectOfProvider('')).toBeNull();
  });

  it('has no spelling that two servers share', () => {
    const spellings = DIALECTS.flatMap(({ name, aliases }) => [name.replaceAll(/[^a-z]/g, ''), ...aliases]);
    expect(new Set(spellings).size).toBe(spellings.length);
  });

  it.each<[string, DialectName | undefined]>([
    ['https://api.openai.com/v1/chat/completions', 'openai'],
    ['https://eu.api.openai.com/v1/chat/completions', 'openai'],
    ['https://openrouter.ai/api/v1/chat/completions', 'openrouter'],
    ['https://x.openai.azure.com/openai/v1/chat/completions', 'azure'],
    ['https://gateway.example.org/openai/deployments/d/chat/completions?api-version=1', 'azure'],
    ['https://api.openai.com.example.org/v1/chat/completions', undefined],
    ['http://localhost:1234/v1/chat/completions', undefined],
  ])('is told by the host of %s', (url, name) => {
    expect(dialectOfHost(new URL(url))?.name).toBe(name);
  });
});

describe('the body of a call', () => {
  it.each(DIALECTS.map(({ name }) => name))(
    'holds for %s nothing but what is known, and never null',
    (name) => {
      const sent = body(name, { seed: 7 });
      const { tokenCapFields } = dialectNamed(name);
      const known = [
        'model',
        'messages',
        'temperature',
        'seed',
        'response_format',
        'stream',
        tokenCapFields[0],
      ];
      expect(known).toEqual(expect.arrayContaining(Object.keys(sent)));
      expect(sent).toMatchObject({ stream: false, [tokenCapFields[0]]: 512, temperature: 0.2, seed: 7 });
      expect(Object.values(sent)).not.toContain(null);
      expect(JSON.stringify(sent)).not.toContain('null');
    },
  );

  it.each<[DialectName, unknown]>([
    ['openai', { type: 'json_object' }],
    ['azure', { type: 'json_object' }],
    ['vllm', { type: 'json_object' }],
    ['llama.cpp', { type: 'json_object' }],
    ['ollama', { type: 'json_object' }],
    ['lmstudio', { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } }],
    ['sglang', { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } }],
    ['mlx_lm', undefined],
    ['tgi', undefined],
    ['openrouter', undefined],
    ['generic', undefined],
  ])('asks %s for JSON in the best way that is known to work', (name, format) => {
    expect(body(name).response_format).toEqual(format);
  });

  it('puts the schema where llama.cpp looks for it', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    expect(body('llama.cpp', { responseFormat: 'json_schema' }).response_format).toEqual(format);
  });

  it.each(['openai/gpt-oss-120b', 'deepseek-r1', 'qwen3-next-80b-a3b-thinking', 'Qwen/QwQ-32B', 'qwen3:8b'])(
    'asks a model that thinks in its reply for no JSON: %s',
    (modelName) => {
      expect(body('lmstudio', { modelName })).not.toHaveProperty('response_format');
    },
  );

  it('asks OpenAI for JSON only where the prompt does', () => {
    expect(body('openai', { promptSaysJson: false })).not.toHaveProperty('response_format');
  });

  it('sends no seed and no system message unasked', () => {
    expect(body('vllm')).not.toHaveProperty('seed');
    expect(body('vllm').messages).toEqual([{ role: 'user', content: 'U' }]);
  });
});

describe('a JSON mode that the config names', () => {
  it('is refused where the server does not know it', () => {
    expect(unusableFormat(dialectNamed('lmstudio'), 'json_object')).toBe(
      'LM Studio knows no json_object: set model.response_format to auto or none or json_schema',
    );
    expect(unusableFormat(dialectNamed('mlx_lm'), 'json_schema')).toContain('auto or none');
  });

  it.each<[DialectName, AskedParameters['responseFormat']]>([
    ['lmstudio', 'json_schema'],
    ['mlx_lm', 'auto'],
    ['mlx_lm', 'none'],
    ['generic', 'json_object'],
    ['openrouter', 'json_schema'],
  ])('is sent to %s: %s', (name, responseFormat) => {
    expect(unusableFormat(dialectNamed(name), responseFormat)).toBeNull();
  });
});

describe('adjustParameters', () => {
  it('gives up a temperature, a seed and a JSON mode, and says so', () => {
    const all = parameters({ seed: 7, jsonMode: 'json_object' });
    expect(adjustParameters(all, 'temperature', true)).toMatchObject({ temperature: null });
    expect(adjustParameters(all, 'seed', true)).toMatchObject({ seed: null });
    expect(adjustParameters(all, 'response_format', true)).toMatchObject({
      jsonMode: 'none',
      adjustments: ['response_format json_object is refused: none is sent'],
    });
  });

  it('bounds the reply by the other field, once', () => {
    const other = adjustParameters(parameters(), 'max_tokens', true)!;
    expect(other.tokenCapField).toBe('max_completion_tokens');
    expect(adjustParameters(other, 'max_completion_tokens', true)).toBeNull();
  });

  it('keeps a JSON mode that the config names, and what is not ours to give up', () => {
    expect(adjustParameters(parameters({ jsonMode: 'json_object' }), 'response_format', false)).toBeNull();
    expect(adjustParameters(parameters({ temperature: null }), 'temperature', true)).toBeNull();
    expect(adjustParameters(parameters(), 'stream', true)).toBeNull();
  });
});

describe('frozen parameters at another server', () => {
  it.each<[DialectName, DialectName]>([
    ['vllm', 'vllm'],
    ['vllm', 'generic'],
    ['vllm', 'llama.cpp'],
    ['lmstudio', 'vllm'],
    ['generic', 'mlx_lm'],
  ])('stand when they were decided for %s and go to %s', (from, to) => {
    expect(incompatibleWith(dialectNamed(to), starting(from))).toBeNull();
  });

  it.each<[DialectName, DialectName, string]>([
    ['openai', 'ollama', 'Ollama does not heed max_completion_tokens'],
    ['vllm', 'lmstudio', 'LM Studio does not know json_object as vLLM does'],
    ['vllm', 'mlx_lm', 'mlx_lm.server does not know json_object'],
    ['lmstudio', 'llama.cpp', 'llama.cpp does not know json_schema as LM Studio does'],
  ])('fall when they were decided for %s and go to %s', (from, to, reason) => {
    expect(incompatibleWith(dialectNamed(to), starting(from))).toContain(reason);
  });
});
