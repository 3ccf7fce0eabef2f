import { request } from 'undici';
import { DIALECTS, type DialectName } from '../../src/simulator/dialects';
import {
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../../src/simulator/model-server';

const running: ModelServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(options: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(options);
  running.push(server);
  return server;
}

async function get({ port }: ModelServer, path: string, method: 'GET' | 'POST' = 'GET') {
  const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${path}`, { method });
  return { statusCode, type: headers['content-type'], text: await body.text() };
}

/** The reply to a chat completion that asks the dialect's own model. */
async function ask(dialect: DialectName, parameters: object, options: ModelServerOptions = {}) {
  const server = await start({ dialect, ...options });
  const { statusCode, body } = await request(server.url, {
    method: 'POST',
    body: JSON.stringify({
      model: DIALECTS[dialect].defaultModel,
      messages: [{ role: 'user', content: 'A text of a hundred characters. '.repeat(4) }],
      ...parameters,
    }),
  });
  const json = (await body.json()) as Record<string, unknown>;
  const { fault, variant } = server.calls()[0]!;
  return { statusCode, json, served: [fault, variant] };
}

const JSON_OBJECT = { response_format: { type: 'json_object' } };

describe('a dialect', () => {
  it.each<[DialectName, string, number, string | RegExp]>([
    ['generic', '/v1/models', 200, '"simulated-model"'],
    ['generic', '/health', 404, 'no such path'],
    ['openai', '/v1/models', 200, '"gpt-5-mini"'],
    ['openai', '/health', 404, 'Invalid URL (GET /health)'],
    ['vllm', '/v1/models', 200, '"max_model_len":8192'],
    ['vllm', '/health', 200, /^$/],
    ['vllm', '/version', 200, '"version"'],
    ['vllm', '/props', 404, '{"detail":"Not Found"}'],
    ['llama.cpp', '/health', 200, '{"status":"ok"}'],
    ['llama.cpp', '/props', 200, '"total_slots":4'],
    ['llama.cpp', '/props', 200, '"n_ctx":8192'],
    ['llama.cpp', '/api/version', 404, 'File Not Found'],
    ['ollama', '/', 200, /^Ollama is running$/],
    ['ollama', '/api/version', 200, '"version"'],
    ['ollama', '/api/tags', 200, '"gpt-oss:20b"'],
    ['ollama', '/api/ps', 200, '"context_length":8192'],
    ['ollama', '/health', 404, /^404 page not found$/],
    ['lmstudio', '/api/v0/models', 200, '"loaded_context_length":8192'],
    ['lmstudio', '/props', 200, 'Unexpected endpoint or method. (GET /props)'],
    ['mlx', '/health', 200, '{"status":"ok"}'],
    ['mlx', '/props', 404, /^Not Found$/],
    ['sglang', '/get_model_info', 200, '"model_path"'],
    ['sglang', '/get_server_info', 200, '"context_length":8192'],
    ['tgi', '/info', 200, '"max_concurrent_requests":4'],
    ['tgi', '/health', 200, /^$/],
  ])('of %s answers %s with %i', async (dialect, path, status, expected) => {
    const server = await start({ dialect, contextTokens: 8192, capacity: { slots: 4 } });
    const { statusCode, text } = await get(server, path);
    expect(statusCode).toBe(status);
    if (typeof expected === 'string') expect(text).toContain(expected);
    else expect(text).toMatch(expected);
    expect(server.calls()).toEqual([]);
  });

  it.each<[DialectName, object, number, number, string | null]>([
    ['generic', { max_tokens: 100, temperature: 0, ...JSON_OBJECT }, 200, 0, null],
    ['openai', { max_tokens: 100 }, 400, 28, 'max_tokens'],
    ['openai', { temperature: 0.2 }, 400, 28, 'temperature'],
    ['openai', { temperature: 1, max_completion_tokens: 100 }, 200, 0, null],
    ['openai', JSON_OBJECT, 400, 32, null],
    ['openai', { model: 'absent' }, 404, 36, 'openai'],
    ['vllm', { model: 'absent' }, 404, 36, 'vllm'],
    ['vllm', { temperature: 0, max_tokens: 100, ...JSON_OBJECT }, 200, 0, null],
    ['llama.cpp', { model: 'any' }, 200, 0, null],
    ['ollama', { model: 'absent' }, 404, 36, 'ollama'],
    ['lmstudio', JSON_OBJECT, 400, 28, 'response_format'],
    ['lmstudio', { response_format: { type: 'json_schema' } }, 200, 0, null],
    ['mlx', JSON_OBJECT, 200, 0, null],
    ['tgi', { temperature: -1 }, 422, 42, 'parameter'],
  ])('of %s, asked with %j, answers %i as row %i', async (dialect, parameters, status, fault, variant) => {
    const { statusCode, served } = await ask(dialect, parameters);
    expect(statusCode).toBe(status);
    expect(served).toEqual([fault, variant]);
  });

  it('of OpenAI lets a model that does not reason have max_tokens and a temperature', async () => {
    const parameters = { model: 'gpt-4o', max_tokens: 100, temperature: 0 };
    const { statusCode } = await ask('openai', parameters, { modelName: 'gpt-4o' });
    expect(statusCode).toBe(200);
  });

  it.each<[DialectName, number, number, string]>([
    ['openai', 400, 26, 'maximum context length is 16 tokens'],
    ['vllm', 400, 26, 'You passed 32 input tokens and requested 0 output tokens'],
    ['llama.cpp', 400, 26, 'request (32 tokens) exceeds the available context size (16 tokens)'],
    ['lmstudio', 400, 26, 'greater than the context length (16)'],
    ['sglang', 400, 26, 'The input (32 tokens) is longer than the model'],
    ['tgi', 422, 42, 'must be <= 16. Given: 32 `inputs` tokens'],
  ])('of %s refuses a prompt over its window with %i, row %i', async (dialect, status, fault, message) => {
    const { statusCode, json, served } = await ask(dialect, {}, { contextTokens: 16 });
    expect(statusCode).toBe(status);
    expect(served[0]).toBe(fault);
    expect(JSON.stringify(json)).toContain(message);
  });

  it('of vLLM counts the asked answer into its window', async () => {
    const window = { contextTokens: 100 };
    expect((await ask('vllm', { max_tokens: 68 }, window)).statusCode).toBe(200);
    expect((await ask('vllm', { max_tokens: 69 }, window)).statusCode).toBe(400);
  });

  it('of Ollama cuts a prompt over its window without a word (row 8)', async () => {
    const { statusCode, json, served } = await ask('ollama', {}, { contextTokens: 100 });
    expect([statusCode, served]).toEqual([200, [0, null]]);
    const cut = await ask(
      'ollama',
      { messages: [{ role: 'user', content: 'x'.repeat(800) }] },
      {
        contextTokens: 100,
      },
    );
    expect([cut.statusCode, cut.served]).toEqual([200, [8, 'window-full']]);
    expect(cut.json.usage).toMatchObject({ total_tokens: 100 });
    expect((json.usage as { prompt_tokens: number }).prompt_tokens).toBe(32);
  });

  it.each<[DialectName, object, string]>([
    ['generic', { max_tokens: 10 }, 'length'],
    ['generic', { max_completion_tokens: 10 }, 'length'],
    ['vllm', { max_completion_tokens: 10, max_tokens: 1000 }, 'length'],
    ['ollama', { max_tokens: 10 }, 'length'],
    ['ollama', { max_completion_tokens: 10 }, 'stop'],
    ['lmstudio', { max_completion_tokens: 10 }, 'stop'],
    ['mlx', { max_tokens: -1 }, 'stop'],
  ])('of %s with %j ends with %s', async (dialect, parameters, finishReason) => {
    const { json } = await ask(dialect, parameters);
    const [choice] = json.choices as { finish_reason: string; message: { content: string } }[];
    expect(choice?.finish_reason).toBe(finishReason);
    expect(choice?.message.content.length).toBeGreaterThan(0);
    if (finishReason === 'length') expect(choice?.message.content).toHaveLength(40);
  });

  it('of mlx_lm computes requests with a seed one after the other', async () => {
    const server = await start({ dialect: 'mlx', latency: { kind: 'constant', ms: 50 } });
    const calls = ['One.', 'Two.'].map(async (content) => {
      const body = JSON.stringify({ messages: [{ role: 'user', content }], seed: 1 });
      await (await request(server.url, { method: 'POST', body })).body.dump();
    });
    await Promise.all(calls);
    const [one, two] = server.calls().filter(({ event }) => event === 'end');
    expect(Date.parse(two!.at) - Date.parse(one!.at)).toBeGreaterThanOrEqual(45);
  });

  it('of mlx_lm caps an answer at 512 tokens where the request does not (row 24 shows the cap)', async () => {
    const { json } = await ask('mlx', {}, { faults: { list: '24' } });
    expect(json.usage).toMatchObject({ completion_tokens: 512 });
  });
});
