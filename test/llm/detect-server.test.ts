import { createChatClient } from '../../src/llm/chat-client';
import { detectServer, type ServerFacts } from '../../src/llm/detect-server';
import { dialectNamed, type DialectName } from '../../src/llm/dialect';
import { readContextWindow } from '../../src/llm/read-context-window';
import { serverPaths } from '../../src/llm/server-paths';
import { startFakeModelServer, type FakeModelServer, type PathReply } from './model-server';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function serve(paths: Readonly<Record<string, PathReply>>, headers: Record<string, string> = {}) {
  const server = await startFakeModelServer(paths, undefined, headers);
  const apiUrl = `${server.origin}/v1/chat/completions`;
  const client = createChatClient({
    apiUrl,
    apiKey: null,
    connections: 1,
    timeoutMs: 5000,
    allowedOrigins: [],
  });
  opened.push(server, client);
  return { server, client, apiUrl };
}

async function detect(
  paths: Readonly<Record<string, PathReply>>,
  { provider = null as string | null, headers = {} } = {},
): Promise<{ facts: ServerFacts; server: FakeModelServer }> {
  const { server, client, apiUrl } = await serve(paths, headers);
  return { facts: await detectServer(client, { apiUrl, provider }), server };
}

const list = (...models: object[]) => ({ '/v1/models': { object: 'list', data: models } });

describe('detectServer', () => {
  it.each<[DialectName, Record<string, PathReply>, Record<string, string>]>([
    ['vllm', list({ id: 'm', owned_by: 'vllm', max_model_len: 4096 }), { server: 'uvicorn' }],
    ['sglang', list({ id: 'm', owned_by: 'sglang', max_model_len: 4096 }), {}],
    ['llama.cpp', list({ id: 'm', owned_by: 'llamacpp' }), {}],
    ['llama.cpp', {}, { server: 'llama.cpp' }],
    ['ollama', list({ id: 'm:latest', owned_by: 'library' }), {}],
    ['lmstudio', list({ id: 'm', owned_by: 'organization_owner' }), {}],
    ['mlx_lm', list({ id: 'm', object: 'model', created: 1 }), { server: 'BaseHTTP/0.6 Python/3.12.1' }],
    ['lmstudio', { '/api/v0/models': { object: 'list', data: [] } }, {}],
    ['ollama', { '/api/version': { version: '0.12.0' } }, {}],
    ['llama.cpp', { '/props': { default_generation_settings: { n_ctx: 4096 } } }, {}],
    ['tgi', { '/info': { model_id: 'm', max_total_tokens: 4096 } }, {}],
  ])('knows %s by what it says of itself', async (name, paths, headers) => {
    const { facts } = await detect(paths, { headers });
    expect(facts).toMatchObject({ dialect: { name }, saidBy: 'server', own: { name } });
  });

  it('takes for the generic one a server that says nothing, after five queries', async () => {
    const { facts, server } = await detect(list({ id: 'm', owned_by: 'simulator' }));
    expect(facts).toMatchObject({ dialect: { name: 'generic' }, saidBy: 'nobody', own: null });
    expect(server.asked()).toEqual([
      'GET /v1/models',
      'GET /api/v0/models',
      'GET /api/version',
      'GET /props',
      'GET /info',
    ]);
  });

  it('is not deceived by a server that answers anything with 200', async () => {
    const anything = { error: 'Unexpected endpoint or method. Returning 200 anyway' };
    const paths = ['/v1/models', '/api/v0/models', '/api/version', '/props', '/info'];
    const { facts } = await detect(Object.fromEntries(paths.map((path) => [path, anything])));
    expect(facts).toMatchObject({ saidBy: 'nobody', models: null, listStatus: 200 });
  });

  it('believes the config, and tells what the server says', async () => {
    const { facts, server } = await detect(list({ id: 'm', owned_by: 'organization_owner' }), {
      provider: 'mlx',
    });
    expect(facts).toMatchObject({ dialect: { name: 'mlx_lm' }, saidBy: 'config', own: { name: 'lmstudio' } });
    expect(server.asked()).toEqual(['GET /v1/models']);
  });

  it.each([
    ['openai', { '/api/version': { version: '0.12.0' } }, 'ollama'],
    ['OpenAI', list({ id: 'm', owned_by: 'organization_owner' }), 'lmstudio'],
    ['openai', list({ id: 'm', owned_by: 'vllm' }), 'openai'],
    ['openai', {}, 'openai'],
  ] as const)(
    'believes %s only where the server heeds its bound of the reply',
    async (provider, paths, name) => {
      const { facts } = await detect(paths, { provider });
      expect(facts.dialect.name).toBe(name);
    },
  );

  it('reads the list of models, and nothing into one that cannot be read', async () => {
    const models = list(
      { id: 'a', max_model_len: 4096 },
      { id: 'b', context_length: '9' },
      { name: 'c' },
      5 as never,
    );
    expect((await detect(models)).facts.models).toEqual([
      { id: 'a', contextWindow: 4096 },
      { id: 'b', contextWindow: null },
    ]);
    const page = { '/v1/models': { status: 200, text: '<html>' } };
    expect((await detect(page)).facts.models).toBeNull();
    const refused = { '/v1/models': { status: 401, text: '{}' } };
    expect((await detect(refused)).facts).toMatchObject({ models: null, listStatus: 401 });
  });

  it('survives a server that is gone', async () => {
    const { server, client, apiUrl } = await serve({});
    await server.close();
    const facts = await detectServer(client, { apiUrl, provider: null });
    expect(facts).toMatchObject({ saidBy: 'nobody', models: null, listStatus: null });
  });
});

describe('serverPaths', () => {
  it.each([
    ['http://h/v1/chat/completions', '/v1/models', ''],
    ['http://h/proxy/v1/chat/completions?x=1', '/proxy/v1/models', '/proxy'],
    ['https://h/api/v1/chat/completions', '/api/v1/models', '/api'],
    ['https://h/openai/deployments/d/chat/completions?api-version=1', null, ''],
    ['http://h/ask', null, ''],
  ])('of %s', (url, models, root) => {
    expect(serverPaths(url)).toEqual({ models, root });
  });
});

describe('readContextWindow', () => {
  it.each<[string, DialectName, Record<string, PathReply>, number | null]>([
    ['the list of models', 'vllm', {}, 4096],
    ['/props', 'llama.cpp', { '/props': { default_generation_settings: { n_ctx: 8192 } } }, 8192],
    ['/info', 'tgi', { '/info': { model_id: 'm', max_total_tokens: 2048 } }, 2048],
    [
      'the loaded model',
      'lmstudio',
      { '/api/v0/models': { data: [{ id: 'm', loaded_context_length: 4000, max_context_length: 9 }] } },
      4000,
    ],
    [
      'no model that is loaded',
      'lmstudio',
      { '/api/v0/models': { data: [{ id: 'm', max_context_length: 9000 }] } },
      null,
    ],
    [
      'the running model',
      'ollama',
      { '/api/ps': { models: [{ name: 'm:latest', context_length: 4096 }] } },
      4096,
    ],
    [
      'the model file',
      'ollama',
      { '/api/show': { parameters: 'stop  "x"\nnum_ctx                        8192' } },
      8192,
    ],
    [
      'the largest that the model knows, which is not what is set',
      'ollama',
      { '/api/show': { model_info: { 'llama.context_length': 131072 } } },
      null,
    ],
    ['nothing', 'openai', {}, null],
    ['nothing', 'tgi', {}, null],
  ])('takes it from %s (%s)', async (_where, name, paths, expected) => {
    const { client, apiUrl } = await serve(paths);
    const models = [
      { id: 'other', contextWindow: 1 },
      { id: 'm', contextWindow: 4096 },
    ];
    const question = { dialect: dialectNamed(name), apiUrl, modelName: 'm', models };
    expect(await readContextWindow(client, question)).toBe(expected);
  });
});
