/** The workflow on a real Temporal server, with activities that keep their own small truth in place of SQLite. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import {
  PAUSE_SIGNAL,
  PROGRESS_SIGNAL,
  RESUME_SIGNAL,
  RETRY_ERRORS_UPDATE,
  workflowIdOf,
  type ExperimentOutcome,
  type RunExperimentInput,
} from '../../src/experiment';
import { temporalCliPath } from '../helpers/temporal-cli';
import { until } from '../helpers/client-process';
import { SEARCH_ATTRIBUTE_KEYS } from './search-attribute-keys';
import { Truth, WINDOW } from './truth';

jest.setTimeout(60_000);

let environment: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = await temporalCliPath();
  environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, searchAttributes: SEARCH_ATTRIBUTE_KEYS },
  });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/workflows/run-experiment'),
    logger: new DefaultLogger('ERROR'),
  });
});
afterAll(async () => {
  await environment?.teardown();
});

type Run = WorkflowHandle<(input: RunExperimentInput) => Promise<ExperimentOutcome>>;

async function running(
  truth: Truth,
  work: (handle: Run) => Promise<void>,
  input: Partial<RunExperimentInput> = {},
): Promise<void> {
  const experimentId = randomUUID();
  const taskQueue = `test-${experimentId}`;
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: truth.activities(),
    maxHeartbeatThrottleInterval: '100ms',
  });
  await worker.runUntil(async () => {
    const handle = await environment.client.workflow.start<
      (input: RunExperimentInput) => Promise<ExperimentOutcome>
    >('runExperiment', {
      workflowId: workflowIdOf(experimentId),
      taskQueue,
      args: [{ experimentId, ...input }],
    });
    await work(handle);
  });
}

it('runExperiment labels every open batch, several at once and never more than the window', async () => {
  const truth = new Truth(12);
  await running(truth, async (handle) => {
    expect(await handle.result()).toMatchObject({ status: 'completed', nCompleted: 120 });
  });
  expect(truth.mostInFlight).toBe(WINDOW);
  expect(truth.log.slice(-2)).toEqual(['pass 0 finished', 'finished']);
  expect(new Set(truth.log).size).toBe(14);
});

it('runExperiment continues as new when the history is long, and works through the rest', async () => {
  const truth = new Truth(30);
  await running(
    truth,
    async (handle) => {
      const { runId: firstRunId } = await handle.describe();
      expect(await handle.result()).toMatchObject({ status: 'completed', nCompleted: 300 });
      const first = await environment.client.workflow.getHandle(handle.workflowId, firstRunId).fetchHistory();
      expect(first.events!.at(-1)!.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
    },
    { maxHistoryLength: 60 },
  );
  expect(truth.log.filter((line) => line.startsWith('batch'))).toHaveLength(30);
  expect(truth.mostInFlight).toBe(WINDOW);
});

it('runExperiment stops at a pause, holds it, and goes on at a resume', async () => {
  const truth = new Truth(12);
  truth.batchMs = 300;
  await running(truth, async (handle) => {
    await until(() => truth.log.length >= 2, 10_000, 'two batches');
    await handle.signal(PAUSE_SIGNAL, 'the machine is needed');
    await until(() => truth.status === 'paused', 10_000, 'the pause');
    expect(truth.log.at(-1)).toBe('paused: the machine is needed');
    const open = truth.open.size;
    expect(truth.inFlight).toBe(0);
    await sleep(500);
    expect(truth.open.size).toBe(open);
    await handle.signal(RESUME_SIGNAL);
    expect(await handle.result()).toMatchObject({ status: 'completed', nCompleted: 120 });
  });
});

it('runExperiment pauses with the reason when nothing can be asked, and asks again at a resume', async () => {
  const truth = new Truth(2);
  truth.blockedBy = 'the model server refuses the key';
  await running(truth, async (handle) => {
    await until(() => truth.status === 'paused', 10_000, 'the pause');
    expect(truth.log).toEqual(['paused: the model server refuses the key']);
    truth.blockedBy = null;
    await handle.signal(RESUME_SIGNAL);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
  });
});

it('runExperiment cancelled while it works or is paused says so and ends as cancelled', async () => {
  for (const isPaused of [false, true]) {
    const truth = new Truth(12);
    truth.batchMs = 300;
    await running(truth, async (handle) => {
      await until(() => truth.inFlight > 0, 10_000, 'the first batches');
      if (isPaused) {
        await handle.signal(PAUSE_SIGNAL);
        await until(() => truth.status === 'paused', 10_000, 'the pause');
      }
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow();
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(truth.status).toBe('cancelled');
      expect(truth.inFlight).toBe(0);
    });
  }
});

it('runExperiment asked to retry errors while it runs works through the further pass before it ends', async () => {
  const truth = new Truth(4);
  truth.batchMs = 200;
  await running(truth, async (handle) => {
    await until(() => truth.inFlight > 0, 10_000, 'the first batches');
    expect(await handle.executeUpdate(RETRY_ERRORS_UPDATE, { args: [{ categories: null }] })).toBe(7);
    await handle.result();
  });
  expect(truth.log.filter((line) => !line.startsWith('batch'))).toEqual([
    'pass 0 finished',
    'pass 1 finished',
    'finished',
  ]);
});

it('runExperiment shows in list and page how it stands, and what its worker tells meanwhile', async () => {
  const truth = new Truth(6);
  let letGo = (): void => {};
  truth.held = new Promise((resolve) => (letGo = resolve));
  truth.showsAttributes = true;
  await running(truth, async (handle) => {
    await until(() => truth.inFlight > 0, 10_000, 'a batch');
    const reason = 'the model server has gone';
    await handle.signal(PROGRESS_SIGNAL, {
      ...{ nTotal: 60, nCompleted: 30, nErrors: 2, narrativesPerMinute: null, estimatedCompletionTime: null },
      ...{ status: 'waiting_llm', reason },
      searchAttributes: { ...truth.attributes().searchAttributes, ExpStatus: 'waiting_llm', ExpErrors: 2 },
    });
    await untilListed(handle, { ExpStatus: ['waiting_llm'], ExpErrors: [2] });
    const { currentDetails } = await handle.query<WorkflowMetadata, []>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('`waiting_llm`');
    letGo();
    await handle.result();
    await untilListed(handle, {
      ExpStatus: ['completed'],
      ExpDone: [60],
      ExpErrors: [0],
      ExpName: ['a study'],
    });
  });
});

interface WorkflowMetadata {
  currentDetails: string;
}

async function untilListed(handle: Run, attributes: Record<string, unknown[]>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const { searchAttributes } = await handle.describe();
    if (isDeepStrictEqual({ ...searchAttributes, ...attributes }, { ...searchAttributes })) return;
    if (tries === 500) throw new Error(`listed as ${JSON.stringify(searchAttributes)}`);
    await sleep(10);
  }
}
