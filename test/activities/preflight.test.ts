/** The preflight of an experiment, on a real results file and a model server of this test. */
import type { FrozenConfig } from '../../src/config/frozen-config';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ModelAccess } from '../../src/activities/model-access';
import { preflight, runPreflight } from '../../src/activities/preflight';
import { textsSha256, type SourceNarrative } from '../../src/dataset/read-dataset';
import { EXPERIMENT_BLOCKED } from '../../src/experiment';
import type { EffectiveParameters } from '../../src/llm/effective-parameters';
import { SYNTHETIC_NARRATIVE } from '../../src/llm/synthetic-narrative';
import { openStore, type Store } from '../../src/store/open-store';
import {
  answer,
  refusal,
  startFakeModelServer,
  type FakeModelServer,
  type PathReply,
} from '../llm/model-server';

const ID = 'study-1';
const MARKER = 'ZQX-CANARY-7391';
const LIST = { '/v1/models': { data: [{ id: 'm', owned_by: 'vllm', max_model_len: 8192 }] } };

let folder: string;
let store: Store;
const opened: { close(): unknown }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  store = openStore(join(folder, 'study.db'));
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
  store.close();
  rmSync(folder, { recursive: true });
});

async function serve(
  chat?: (body: Record<string, unknown>, count: number) => PathReply,
  paths: Readonly<Record<string, PathReply>> = LIST,
): Promise<FakeModelServer> {
  const server = await startFakeModelServer(paths, chat);
  opened.push(server);
  return server;
}

function createExperiment(origin: string, frozen: object = {}): void {
  const narratives: SourceNarrative[] = Array.from({ length: 3 }, (_, index) => ({
    incidentId: String(index),
    narrativeType: 'cme',
    text: `${MARKER} text ${index}`,
    manualFlagInd: null,
    manualFlag: null,
    attributes: null,
  }));
  const hash = textsSha256(narratives);
  const { datasetId } = store.datasets.importDataset({
    file: 'data.csv',
    checksums: { sha256: 'a', md5: 'b' },
    textsSha256: hash,
    narratives,
    nNarratives: narratives.length,
    report: {} as never,
  });
  store.experiments.create({
    experimentId: ID,
    fingerprint: 'f',
    replicate: 1,
    datasetId,
    textsSha256: hash,
    promptSha256: 'p',
    frozen: {
      version: 1,
      name: 'study',
      author: null,
      notes: null,
      modelName: 'm',
      provider: null,
      temperature: 0.2,
      maxTokens: 512,
      maxTokensWritten: false,
      responseFormat: 'auto',
      sendSeed: false,
      systemPrompt: 'Answer in JSON.',
      userTemplate: 'Text: <<TEXT>>',
      promptVersion: 'v1',
      seed: 1,
      maxNarratives: null,
      batchSize: 100,
      saveCsvJson: false,
      dataFile: 'data.csv',
      ...frozen,
    },
    endpoint: endpointAt(origin),
    host: { name: 'h', os: 'o' },
    version: '0',
  });
  store.passes.add(ID, null, 3);
}

function endpointAt(origin: string) {
  return {
    apiUrl: `${origin}/v1/chat/completions`,
    apiKeyEnv: null,
    allowedHosts: [],
    timeoutMs: 5000,
    concurrency: 2,
  };
}

/** A process of its own: nothing proved, nothing connected. */
function newProcess(): ModelAccess {
  const models = new ModelAccess(store, {});
  opened.push(models);
  return models;
}

const signal = new AbortController().signal;
const frozenRow = (): EffectiveParameters | null => {
  const row = store.experiments.get(ID)!.effective_parameters;
  return row === null ? null : (JSON.parse(row) as EffectiveParameters);
};
const events = () => store.events.list(ID).map(({ kind, detail }) => `${kind} ${detail}`);

describe('the preflight of an experiment', () => {
  it('freezes what the calls are made with, and every call from then on is made with it', async () => {
    const server = await serve((body) =>
      'temperature' in body ? refusal(400, { param: 'temperature' }) : answer(),
    );
    createExperiment(server.origin);
    const models = newProcess();
    expect(await runPreflight({ store, models }, ID, signal)).toEqual({ kind: 'fit' });
    expect(frozenRow()).toMatchObject({
      dialect: 'vllm',
      temperature: null,
      jsonMode: 'json_object',
      repliedModel: 'm',
    });
    expect(events()).toEqual([
      'parameters_decided vllm: max_tokens 512, response_format json_object',
      'parameters_adjusted temperature 0.2 is not sent: the server allows its own only',
      expect.stringContaining('preflight_warning parameters: '),
    ]);
    const model = models.of(ID);
    await model.endpoints[0]!.client.send({ model: 'm', ...model.render('x'), parameters: model.parameters });
    expect(server.chats().at(-1)).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Answer in JSON.' },
        { role: 'user', content: 'Text: x' },
      ],
      response_format: { type: 'json_object' },
      stream: false,
      max_tokens: 512,
    });
  });

  it('asks nothing again in the same process, and once in the next', async () => {
    const server = await serve();
    createExperiment(server.origin);
    const models = newProcess();
    await runPreflight({ store, models }, ID, signal);
    const decided = frozenRow();
    const asked = server.asked().length;
    await runPreflight({ store, models }, ID, signal);
    expect(server.asked()).toHaveLength(asked);
    await runPreflight({ store, models: newProcess() }, ID, signal);
    expect(server.asked().slice(asked)).toEqual(['POST /v1/chat/completions']);
    expect(frozenRow()).toEqual(decided);
  });

  it('sends nothing but the synthetic narrative', async () => {
    const server = await serve();
    createExperiment(server.origin);
    await runPreflight({ store, models: newProcess() }, ID, signal);
    const sent = JSON.stringify(server.chats());
    expect(sent).toContain(SYNTHETIC_NARRATIVE);
    expect(sent).not.toContain(MARKER);
    expect(events().join()).not.toContain(SYNTHETIC_NARRATIVE.slice(0, 30));
  });

  it('uses the frozen parameters at another endpoint, and says why where it cannot', async () => {
    const server = await serve();
    createExperiment(server.origin);
    await runPreflight({ store, models: newProcess() }, ID, signal);
    const decided = frozenRow();
    const frozen = JSON.parse(store.experiments.get(ID)!.frozen_config) as FrozenConfig;
    const moveTo = (origin: string): void => store.experiments.setSettings(ID, frozen, endpointAt(origin));
    const other = await serve(undefined, {});
    moveTo(other.origin);
    expect(await runPreflight({ store, models: newProcess() }, ID, signal)).toEqual({ kind: 'fit' });
    expect(other.chats()).toEqual([server.chats()[0]]);
    expect(frozenRow()).toEqual(decided);

    const refusing = await serve(() => refusal(400, { param: 'response_format' }), {});
    moveTo(refusing.origin);
    const outcome = await runPreflight({ store, models: newProcess() }, ID, signal);
    expect(outcome).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('response_format') as string,
    });
    expect(frozenRow()).toEqual(decided);
  });

  it('asks an experiment from before the JSON modes for none', async () => {
    const server = await serve();
    createExperiment(server.origin, { responseFormat: undefined, sendSeed: undefined });
    await runPreflight({ store, models: newProcess() }, ID, signal);
    expect(frozenRow()).toMatchObject({ jsonMode: 'none', seed: null });
  });

  it('gives trouble that may pass as what it is, and keeps nothing', async () => {
    const server = await serve();
    createExperiment(server.origin);
    await server.close();
    const outcome = await runPreflight({ store, models: newProcess() }, ID, signal);
    expect(outcome).toMatchObject({ kind: 'trouble', troubled: [{ fault: { cannotConnect: true } }] });
    expect(frozenRow()).toBeNull();
    expect(events()).toEqual([]);
  });

  it('goes on with an answer that cannot be read, and leaves word of it', async () => {
    const server = await serve(() => answer({ content: 'no' }));
    createExperiment(server.origin);
    expect(await runPreflight({ store, models: newProcess() }, ID, signal)).toEqual({ kind: 'fit' });
    expect(events().join('\n')).toContain(
      'preflight_warning answer: the reply about a synthetic narrative is no answer',
    );
  });
});

describe('the preflight activity', () => {
  async function failureOf(stopping = new AbortController().signal): Promise<ApplicationFailure> {
    const environment = new MockActivityEnvironment();
    const models = newProcess();
    const run = environment.run(preflight, { store, models, stopping }, ID);
    const error: unknown = await run.then(
      () => new Error('no failure'),
      (reason: unknown) => reason,
    );
    if (error instanceof ApplicationFailure) return error;
    throw error;
  }

  it('pauses the experiment with reason and remedy', async () => {
    const server = await serve(() => refusal(401, { message: `the key of ${MARKER}` }));
    createExperiment(server.origin);
    const failure = await failureOf();
    expect(failure).toMatchObject({ type: EXPERIMENT_BLOCKED, nonRetryable: true });
    expect(failure.message).toBe(
      `the model server ${server.origin} refuses the key (HTTP 401): check model.api_key_env`,
    );
  });

  it('ends at once without a failure when its workflow cancels it', async () => {
    const server = await serve(() => ({ status: 500, text: '' }));
    createExperiment(server.origin);
    const environment = new MockActivityEnvironment();
    setTimeout(() => environment.cancel('CANCELLED'), 200);
    const dependencies = { store, models: newProcess(), stopping: new AbortController().signal };
    await environment.run(preflight, dependencies, ID);
    expect(frozenRow()).toBeNull();
  });

  it('ends at once, to be tried again, when the process is to stop', async () => {
    const server = await serve(() => ({ status: 500, text: '' }));
    createExperiment(server.origin);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await failureOf(stop.signal)).toMatchObject({ type: 'Stopped', nonRetryable: false });
  });
});
