/**
 * Records the history of each shape of the workflow that has none yet in this version, from a real run on a Temporal
 * dev server, for the replay test: `npm run record-histories`. Nothing in a record tells of the machine that made it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import {
  PAUSE_SIGNAL,
  PROGRESS_SIGNAL,
  RESUME_SIGNAL,
  RETRY_ERRORS_UPDATE,
  workflowIdOf,
  type RunExperimentInput,
} from '../../src/experiment';
import { readVersion } from '../../src/version';
import { temporalCliPath } from '../helpers/temporal-cli';
import { SEARCH_ATTRIBUTE_KEYS } from '../workflows/search-attribute-keys';
import { Truth } from '../workflows/truth';

/** One way through the workflow. */
interface Shape {
  name: string;
  nBatches: number;
  input?: Partial<RunExperimentInput>;
  /** Sets the scene. */
  prepare?: (truth: Truth) => void;
  /** What happens while it runs; by default nothing. */
  meanwhile?: (handle: WorkflowHandle, truth: Truth) => Promise<void>;
}

const slowly = (truth: Truth): void => {
  truth.batchMs = 300;
};

async function pauseAndResume(handle: WorkflowHandle, truth: Truth): Promise<void> {
  await until(() => truth.log.length > 0);
  await handle.signal(PAUSE_SIGNAL);
  await until(() => truth.status === 'paused');
  await handle.signal(RESUME_SIGNAL);
}

const SHAPES: readonly Shape[] = [
  { name: 'plain', nBatches: 12 },
  // Earlier histories have an activity after each batch that tells how the experiment stands.
  { name: 'told-with-batches', nBatches: 12 },
  {
    name: 'told-with-batches-and-paused',
    nBatches: 9,
    prepare: slowly,
    meanwhile: pauseAndResume,
  },
  {
    name: 'retry-errors',
    nBatches: 4,
    prepare: slowly,
    meanwhile: async (handle, truth) => {
      await until(() => truth.inFlight > 0);
      await handle.executeUpdate(RETRY_ERRORS_UPDATE, { args: [{ categories: null }] });
    },
  },
  {
    name: 'pause-and-resume',
    nBatches: 9,
    prepare: slowly,
    meanwhile: pauseAndResume,
  },
  {
    name: 'cancelled',
    nBatches: 9,
    prepare: slowly,
    meanwhile: async (handle, truth) => {
      await until(() => truth.log.length > 0);
      await handle.cancel();
    },
  },
  {
    name: 'cancelled-while-paused',
    nBatches: 9,
    prepare: slowly,
    meanwhile: async (handle, truth) => {
      await until(() => truth.inFlight > 0);
      await handle.signal(PAUSE_SIGNAL, 'the machine is needed');
      await until(() => truth.status === 'paused');
      await handle.cancel();
    },
  },
  {
    name: 'shown-in-the-list',
    nBatches: 6,
    prepare: (truth) => {
      truth.batchMs = 300;
      truth.showsAttributes = true;
    },
    meanwhile: async (handle, truth) => {
      await until(() => truth.log.length > 0);
      await handle.signal(PROGRESS_SIGNAL, truth.progress());
    },
  },
  { name: 'continued-as-new', nBatches: 30, input: { maxHistoryLength: 60 } },
  {
    name: 'blocked-and-resumed',
    nBatches: 2,
    prepare: (truth) => {
      truth.blockedBy = 'the model server refuses the key';
    },
    meanwhile: async (handle, truth) => {
      await until(() => truth.status === 'paused');
      truth.blockedBy = null;
      await handle.signal(RESUME_SIGNAL);
    },
  },
];

async function record(): Promise<void> {
  const folder = join(__dirname, readVersion());
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = await temporalCliPath();
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, searchAttributes: SEARCH_ATTRIBUTE_KEYS },
  });
  try {
    mkdirSync(folder, { recursive: true });
    for (const shape of SHAPES) {
      const file = join(folder, `${shape.name}.json`);
      if (existsSync(file)) continue;
      const history = await run(environment, shape, path);
      writeFileSync(file, history);
      process.stdout.write(`${shape.name}: ${history.length} bytes\n`);
    }
  } finally {
    await environment.teardown();
  }
}

/** Runs a shape to its end; gives the history of its first run. */
async function run(environment: TestWorkflowEnvironment, shape: Shape, cli: string): Promise<string> {
  const { client, nativeConnection, address } = environment;
  const truth = new Truth(shape.nBatches);
  shape.prepare?.(truth);
  const taskQueue = `longhaul-${shape.name}`;
  const worker = await Worker.create({
    connection: nativeConnection,
    taskQueue,
    workflowsPath: require.resolve('../../src/workflows/run-experiment'),
    activities: truth.activities(),
    maxHeartbeatThrottleInterval: '100ms',
  });
  return await worker.runUntil(async () => {
    const handle = await client.workflow.start('runExperiment', {
      workflowId: workflowIdOf(shape.name),
      taskQueue,
      args: [{ experimentId: shape.name, ...shape.input }],
    });
    await shape.meanwhile?.(handle, truth);
    await handle.result().catch(() => {}); // a cancelled one has none
    const which = ['--workflow-id', handle.workflowId, '--run-id', handle.firstExecutionRunId];
    const show = ['workflow', 'show', ...which, '--address', address, '--output', 'json'];
    return withoutMachine(execFileSync(cli, show, { encoding: 'utf8', maxBuffer: 2 ** 26 }));
  });
}

/** Names, process ids and paths of the machine are left out. */
function withoutMachine(history: string): string {
  const known = history
    .replaceAll(`${process.pid}@${hostname()}`, 'recorder')
    .replaceAll(hostname(), 'recorder');
  const scrubbed: unknown = JSON.parse(known, (key, value: unknown) => {
    if (key === 'stackTrace') return undefined;
    return key === 'identity' ? 'recorder' : value;
  });
  return `${JSON.stringify(scrubbed, null, 1)}\n`;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

void record();
