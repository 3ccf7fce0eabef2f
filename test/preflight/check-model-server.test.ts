import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAnswer } from '../../src/answer/parse-answer';
import { createChatClient } from '../../src/llm/chat-client';
import type { AskedParameters } from '../../src/llm/effective-parameters';
import { createPromptRenderer } from '../../src/llm/render-prompt';
import { SYNTHETIC_NARRATIVE, syntheticNarrative } from '../../src/llm/synthetic-narrative';
import type { Check } from '../../src/preflight/check';
import { checkModelServer, type PreflightReport } from '../../src/preflight/check-model-server';
import type { PreflightSubject } from '../../src/preflight/preflight-subject';
import { startRawServer } from '../llm/local-server';
import {
  answer,
  refusal,
  startFakeModelServer,
  type FakeModelServer,
  type PathReply,
} from '../llm/model-server';
import { parameters } from '../llm/parameters';

const ASKED: AskedParameters = {
  modelName: 'm',
  temperature: 0.2,
  maxTokens: 512,
  responseFormat: 'auto',
  seed: null,
  promptSaysJson: true,
};
const LIST = { '/v1/models': { data: [{ id: 'm', owned_by: 'vllm', max_model_len: 8192 }] } };

let folder: string;
const opened: { close(): Promise<void> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
  rmSync(folder, { recursive: true });
});

type Chat = (body: Record<string, unknown>, count: number) => PathReply;

async function serve(
  paths: Readonly<Record<string, PathReply>> = LIST,
  chat?: Chat,
): Promise<FakeModelServer> {
  const server = await startFakeModelServer(paths, chat);
  opened.push(server);
  return server;
}

function check(origin: string, changes: Partial<PreflightSubject> = {}): Promise<PreflightReport> {
  const apiUrl = `${origin}/v1/chat/completions`;
  const client = createChatClient({
    apiUrl,
    apiKey: null,
    connections: 1,
    timeoutMs: 5000,
    allowedOrigins: [origin],
  });
  opened.push(client);
  return checkModelServer({
    client,
    apiUrl,
    provider: null,
    apiKeyEnv: null,
    hasKey: false,
    asked: ASKED,
    frozen: null,
    render: createPromptRenderer({ systemPrompt: 'Answer in JSON.', userTemplate: 'Text: <<TEXT>>' }),
    read: (reply) => parseAnswer(reply),
    longestChars: 300,
    nNarratives: 1000,
    concurrency: 4,
    timeoutMs: 5000,
    resultsFile: join(folder, 'data', 'study.db'),
    signal: new AbortController().signal,
    retryBaseMs: 1,
    ...changes,
  });
}

function outcomes({ checks }: PreflightReport): string[] {
  return checks.map(({ name, outcome }) => `${outcome} ${name}`);
}

function find({ checks }: PreflightReport, name: Check['name']): Check {
  return checks.find((one) => one.name === name)!;
}

const textOf = (body: Record<string, unknown>) => (body.messages as { content: string }[]).at(-1)!.content;

describe('a server that is fit', () => {
  it('passes all checks with one synthetic call and no real text', async () => {
    const server = await serve();
    const report = await check(server.origin);
    expect(outcomes(report)).toEqual([
      'ok reachable',
      'ok key',
      'ok model',
      'ok parameters',
      'ok answer',
      'ok longest narrative',
      'ok time',
      expect.stringMatching(/^(ok|warn) disk$/),
    ]);
    expect(report).toMatchObject({ trouble: null, blockedBecause: null, syntheticCalls: 1 });
    expect(server.chats().map(textOf)).toEqual([`Text: ${SYNTHETIC_NARRATIVE}`]);
    expect(report.parameters).toEqual({
      version: 1,
      dialect: 'vllm',
      jsonMode: 'json_object',
      tokenCapField: 'max_tokens',
      maxTokens: 512,
      temperature: 0.2,
      seed: null,
      adjustments: [],
      repliedModel: 'm',
      contextWindow: 8192,
      decidedAt: `${server.origin}/v1/chat/completions`,
    });
  });

  it('leaves nothing beside the results file, whose folder need not be there', async () => {
    const server = await serve();
    await check(server.origin);
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('needs one call and no query for parameters that were frozen there', async () => {
    const server = await serve({});
    const frozen = parameters({ decidedAt: `${server.origin}/v1/chat/completions` });
    const report = await check(server.origin, { frozen, longestChars: 50_000 });
    expect(report).toMatchObject({ blockedBecause: null, syntheticCalls: 1, parameters: frozen });
    expect(server.asked()).toEqual(['POST /v1/chat/completions']);
  });

  it('tells the time that the job takes at the pace of one call', async () => {
    const server = await serve();
    const report = await check(server.origin, { nNarratives: 35_000 });
    expect(find(report, 'time').detail).toMatch(/s for one answer.* for 35000 narratives, 4 at a time/);
  });
});

describe('the model', () => {
  it('may be missing in the list, since it answers, but that is told', async () => {
    const server = await serve({
      '/v1/models': { data: [{ id: 'a\u001b', owned_by: 'vllm' }, { id: 'b' }] },
    });
    const report = await check(server.origin);
    expect(find(report, 'model')).toMatchObject({
      outcome: 'warn',
      detail: expect.stringContaining('listed: a?, b') as string,
    });
    expect(report.blockedBecause).toBeNull();
  });

  it('is proved by nothing but its answer where the list cannot be read', async () => {
    const server = await serve({ '/v1/models': { status: 500, text: 'x' } });
    expect(find(await check(server.origin), 'model')).toMatchObject({ outcome: 'ok' });
  });

  it.each([
    [refusal(404, { message: "model 'm' not found" }), 'model', 'check model.name and model.api_url'],
    [refusal(401, { message: 'no' }), 'key', 'check model.api_key_env'],
    [refusal(402, { message: 'no' }), 'key', "check the account's credit"],
    [refusal(429, { code: 'insufficient_quota' }), 'key', "check the account's credit"],
    [refusal(400, { message: 'odd' }), 'answer', 'look into its log'],
    [{ status: 200, text: '<html>' }, 'answer', 'check model.api_url'],
    [{ status: 200, text: '{"error":"Unexpected endpoint or method."}' }, 'answer', 'check model.api_url'],
    [
      refusal(400, { code: 'context_length_exceeded', message: 'the TEXT is long' }),
      'parameters',
      'lower model.max_tokens',
    ],
    [{ status: 307, text: '', headers: { location: 'http://127.0.0.1:9' } }, 'answer', 'check model.api_url'],
  ] as const)('blocks the experiment when it cannot be asked: %j', async (reply, name, remedy) => {
    const server = await serve(LIST, () => reply);
    const report = await check(server.origin);
    expect(report).toMatchObject({ parameters: null, trouble: null });
    expect(report.blockedBecause).toContain(remedy);
    expect(report.blockedBecause).not.toContain('TEXT');
    expect(find(report, name).outcome).toBe('fail');
  });

  it('is blocked without a call when the key is not there', async () => {
    const server = await serve();
    const report = await check(server.origin, { apiKeyEnv: 'STUDY_KEY' });
    expect(report.blockedBecause).toBe(
      "the environment variable STUDY_KEY (model.api_key_env) is not set: set it to the server's key",
    );
    expect(server.asked()).toEqual([]);
  });
});

describe('trouble that may pass', () => {
  it('is told as such when nobody listens', async () => {
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const report = await check(gone.origin);
    expect(report).toMatchObject({ blockedBecause: null, syntheticCalls: 0 });
    expect(report.trouble).toMatchObject({ cannotConnect: true, code: 'ECONNREFUSED' });
    expect(find(report, 'reachable').outcome).toBe('fail');
  });

  it.each([
    [refusal(500, { message: 'x' }), 3],
    [refusal(503, { message: 'Loading model' }), 1],
    [{ status: 429, text: '{}', headers: { 'retry-after': '3600' } }, 1],
  ])('is told as such after few tries: %j', async (reply, calls) => {
    const server = await serve(LIST, () => reply);
    const report = await check(server.origin);
    expect(report).toMatchObject({ parameters: null, blockedBecause: null, syntheticCalls: calls });
    expect(report.trouble).toMatchObject({ kind: 'transient' });
  });

  it('is over when a later try is answered', async () => {
    const server = await serve(LIST, (_body, count) => (count < 3 ? refusal(500, {}) : answer()));
    expect(await check(server.origin)).toMatchObject({
      trouble: null,
      blockedBecause: null,
      syntheticCalls: 3,
    });
  });

  it.each([
    ['closes every connection without a word (row 57)', '', 'die without a word of a parameter'],
    ['speaks another protocol (row 67)', 'SSH-2.0-OpenSSH_9\r\n', 'check model.api_url'],
  ])('is none when the server %s', async (_what, sent, remedy) => {
    const server = await startRawServer((socket) => socket.end(sent));
    opened.push(server);
    const report = await check(server.origin);
    expect(report.blockedBecause).toContain(remedy);
  });

  it('is none for a name that nobody knows (row 65)', async () => {
    const report = await check('http://nowhere.invalid');
    expect(report).toMatchObject({ trouble: null });
    expect(report.blockedBecause).toContain('mend model.api_url');
  });

  it('is not waited for when the process is to stop', async () => {
    const server = await serve(LIST, () => ({ status: 200, text: '' }));
    const stop = new AbortController();
    const reason = new Error('stopped');
    const report = check(server.origin, { signal: stop.signal, retryBaseMs: 60_000 });
    setTimeout(() => stop.abort(reason), 300);
    await expect(report).rejects.toBe(reason);
  });
});

describe('parameters', () => {
  const refusesAll: Chat = (body) => {
    if ('max_tokens' in body) return refusal(400, { code: 'unsupported_parameter', param: 'max_tokens' });
    if ('temperature' in body)
      return refusal(400, { message: "Unsupported value: 'temperature' does not support 0.2" });
    return 'response_format' in body ? refusal(400, { param: 'response_format' }) : answer();
  };

  it('are adjusted to what the server takes, each with one more call', async () => {
    const server = await serve(LIST, refusesAll);
    const report = await check(server.origin);
    expect(report).toMatchObject({
      syntheticCalls: 4,
      blockedBecause: null,
      parameters: {
        temperature: null,
        tokenCapField: 'max_completion_tokens',
        jsonMode: 'none',
        adjustments: [
          'max_tokens is refused: the longest reply is sent as max_completion_tokens',
          'temperature 0.2 is not sent: the server allows its own only',
          'response_format json_object is refused: none is sent',
        ],
      },
    });
    expect(find(report, 'parameters').outcome).toBe('warn');
    expect(server.chats().at(-1)).toMatchObject({ max_completion_tokens: 512, stream: false });
  });

  it('that the config names are not given up', async () => {
    const server = await serve(LIST, (body) =>
      'response_format' in body ? refusal(400, { param: 'response_format' }) : answer(),
    );
    const report = await check(server.origin, { asked: { ...ASKED, responseFormat: 'json_object' } });
    expect(report.blockedBecause).toContain(
      'refuses the parameter response_format: set model.response_format to another',
    );
  });

  it('that are frozen are never adjusted, also at another server', async () => {
    const server = await serve(LIST, refusesAll);
    const report = await check(server.origin, { frozen: parameters({ decidedAt: 'http://127.0.0.1:1/v1' }) });
    expect(report).toMatchObject({ parameters: null, syntheticCalls: 1 });
    expect(report.blockedBecause).toContain('refuses the parameter max_tokens');
  });

  it('that are frozen and would mean something else elsewhere block it before a call', async () => {
    const server = await serve({ '/api/version': { version: '0.12' } });
    const frozen = parameters({
      dialect: 'openai',
      tokenCapField: 'max_completion_tokens',
      decidedAt: 'https://api.openai.com/v1',
    });
    const report = await check(server.origin, { frozen });
    expect(report.blockedBecause).toContain('Ollama does not heed max_completion_tokens');
    expect(server.chats()).toEqual([]);
  });

  it.each([
    [
      'a JSON mode that the server does not know',
      { responseFormat: 'json_object' as const },
      'lmstudio',
      'LM Studio knows no json_object',
    ],
    ['a seed that makes it serve one call at a time', { seed: 7 }, 'mlx', 'leave out model.send_seed'],
  ])('block %s before a call', async (_what, asked, provider, reason) => {
    const server = await serve();
    const report = await check(server.origin, { provider, asked: { ...ASKED, ...asked } });
    expect(report.blockedBecause).toContain(reason);
    expect(server.chats()).toEqual([]);
  });

  it('come with a word when the server says it is another one than the config', async () => {
    const server = await serve();
    const report = await check(server.origin, { provider: 'mlx' });
    expect(find(report, 'parameters')).toMatchObject({
      outcome: 'warn',
      remedy: 'if it is vLLM, set model.provider: vllm',
    });
    expect(report.parameters?.dialect).toBe('mlx_lm');
  });
});

describe('the synthetic answer', () => {
  it('is asked for without the JSON mode where nothing can be read with it', async () => {
    const server = await serve(LIST, (body) => answer('response_format' in body ? { content: '{"a' } : {}));
    const report = await check(server.origin);
    expect(find(report, 'answer').outcome).toBe('ok');
    expect(report).toMatchObject({
      syntheticCalls: 2,
      parameters: {
        jsonMode: 'none',
        adjustments: ['response_format json_object brings no answer that can be read: none is sent'],
      },
    });
  });

  it('is asked for with the JSON mode that the config names, whatever comes', async () => {
    const server = await serve(LIST, () => answer({ content: '{"a' }));
    const report = await check(server.origin, { asked: { ...ASKED, responseFormat: 'json_object' } });
    expect(report).toMatchObject({
      syntheticCalls: 1,
      parameters: { jsonMode: 'json_object', adjustments: [] },
    });
  });

  it.each([
    ['no JSON', answer({ content: 'Nothing of the kind.' }), 'no answer (parse)'],
    ['empty', answer({ content: '' }), 'no answer (context_overflow)'],
    [
      'cut',
      { choices: [{ message: { content: '{"det' }, finish_reason: 'length' }] },
      'no answer (truncated)',
    ],
  ])('that is %s fails its check, but is no reason to pause', async (_what, reply, detail) => {
    const server = await serve(LIST, () => reply);
    const report = await check(server.origin, { provider: 'generic' });
    expect(find(report, 'answer')).toMatchObject({
      outcome: 'fail',
      detail: expect.stringContaining(detail) as string,
    });
    expect(report.blockedBecause).toBeNull();
  });
});

describe('the longest narrative', () => {
  const longestChars = 20_000;

  it('is measured by the window that the server states', async () => {
    const server = await serve();
    const fits = find(await check(server.origin, { longestChars: 8000 }), 'longest narrative');
    expect(fits).toMatchObject({
      outcome: 'ok',
      detail: expect.stringContaining('the window has 8192') as string,
    });
    const tight = find(await check(server.origin, { longestChars: 16_000 }), 'longest narrative');
    expect(tight).toMatchObject({
      outcome: 'warn',
      remedy: expect.stringContaining('model.max_tokens') as string,
    });
    const over = await check(server.origin, { longestChars: 90_000 });
    expect(find(over, 'longest narrative')).toMatchObject({
      outcome: 'warn',
      detail: expect.stringContaining('context_overflow') as string,
    });
    expect(over).toMatchObject({ blockedBecause: null, syntheticCalls: 1 });
  });

  it('blocks a server that would cut it without a word (row 8)', async () => {
    const paths = {
      '/api/version': { version: '0.12' },
      '/api/ps': { models: [{ name: 'm', context_length: 4096 }] },
    };
    const server = await serve(paths);
    const report = await check(server.origin, { longestChars });
    expect(report.blockedBecause).toContain('Ollama would cut the prompt without a word');
  });

  it('is stood for by a filler of its length where no window is stated', async () => {
    const server = await serve({}, (body) => answer({ promptTokens: Math.ceil(textOf(body).length / 4) }));
    const report = await check(server.origin, { longestChars });
    expect(find(report, 'longest narrative')).toMatchObject({
      outcome: 'ok',
      detail: expect.stringContaining('took') as string,
    });
    expect(report.syntheticCalls).toBe(2);
    expect(textOf(server.chats()[1]!)).toBe(`Text: ${syntheticNarrative(longestChars)}`);
    expect(server.chats()[1]).toMatchObject({ max_tokens: 1 });
  });

  it.each<[string, PathReply, string, string | null]>([
    ['is cut', answer({ promptTokens: 300 }), 'fail', 'it cuts prompts'],
    ['is refused as too long', refusal(400, { code: 'context_length_exceeded' }), 'warn', null],
    ['is not counted', answer({ promptTokens: null }), 'warn', null],
    ['is not answered', refusal(500, {}), 'warn', null],
  ])('is told of when its filler %s', async (_what, reply, outcome, blocks) => {
    const server = await serve({}, (_body, count) => (count === 1 ? answer() : reply));
    const report = await check(server.origin, { longestChars });
    expect(find(report, 'longest narrative').outcome).toBe(outcome);
    if (blocks === null) expect(report.blockedBecause).toBeNull();
    else expect(report.blockedBecause).toContain(blocks);
  });

  it('needs no filler when it is no longer than the synthetic one', async () => {
    const server = await serve({});
    const report = await check(server.origin, { longestChars: SYNTHETIC_NARRATIVE.length });
    expect(report.syntheticCalls).toBe(1);
  });
});

describe('syntheticNarrative', () => {
  it('has exactly the length that is asked for and begins with the one text', () => {
    for (const length of [SYNTHETIC_NARRATIVE.length + 1, 1234, 40_000]) {
      expect(syntheticNarrative(length)).toHaveLength(length);
      expect(syntheticNarrative(length).startsWith(SYNTHETIC_NARRATIVE)).toBe(true);
    }
    expect(syntheticNarrative(5)).toBe(SYNTHETIC_NARRATIVE);
  });
});
