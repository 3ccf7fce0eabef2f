/** The checks on the simulated model server as each kind of server it can behave like. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAnswer } from '../../src/answer/parse-answer';
import { createChatClient } from '../../src/llm/chat-client';
import type { DialectName } from '../../src/llm/dialect';
import { createPromptRenderer } from '../../src/llm/render-prompt';
import { checkModelServer, type PreflightReport } from '../../src/preflight/check-model-server';
import type { DialectName as SimulatedName } from '../../src/simulator/dialects';
import { startModelServer } from '../../src/simulator/model-server';

async function check(dialect: SimulatedName, provider: string | null): Promise<PreflightReport> {
  const server = await startModelServer({ dialect, contextTokens: 16_384 });
  const list = (await (await fetch(server.url.replace('/chat/completions', '/models'))).json()) as {
    data: { id: string }[];
  };
  const client = createChatClient({
    apiUrl: server.url,
    apiKey: null,
    connections: 1,
    timeoutMs: 10_000,
    allowedOrigins: [],
  });
  try {
    return await checkModelServer({
      client,
      apiUrl: server.url,
      provider,
      apiKeyEnv: null,
      hasKey: false,
      asked: {
        modelName: list.data[0]!.id,
        temperature: 0.2,
        maxTokens: 512,
        responseFormat: 'auto',
        seed: null,
        promptSaysJson: true,
      },
      frozen: null,
      render: createPromptRenderer({ systemPrompt: 'Answer in JSON.', userTemplate: 'Text: <<TEXT>>' }),
      read: (reply) => parseAnswer(reply),
      longestChars: 3000,
      nNarratives: 10,
      concurrency: 1,
      timeoutMs: 10_000,
      resultsFile: join(tmpdir(), 'longhaul-simulated.db'),
      signal: new AbortController().signal,
      retryBaseMs: 1,
    });
  } finally {
    await client.close();
    await server.close();
  }
}

it.each<[SimulatedName, string | null, DialectName]>([
  ['generic', null, 'generic'],
  ['vllm', null, 'vllm'],
  ['llama.cpp', null, 'llama.cpp'],
  ['ollama', null, 'ollama'],
  ['lmstudio', null, 'lmstudio'],
  ['mlx', null, 'mlx_lm'],
  ['sglang', null, 'sglang'],
  ['tgi', null, 'tgi'],
  ['openai', 'openai', 'openai'],
])('a server like %s (provider %s) is fit and taken for %s', async (simulated, provider, name) => {
  const report = await check(simulated, provider);
  expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  expect(report).toMatchObject({ trouble: null, blockedBecause: null, parameters: { dialect: name } });
});
