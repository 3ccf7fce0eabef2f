/** What the workflow did in each version goes on under the present code: an upgrade amid a long run is safe. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { workflowIdOf } from '../../src/experiment';

jest.setTimeout(60_000);

interface RecordedHistory {
  workflowId: string;
  history: unknown;
}

let bundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  bundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/workflows/run-experiment'),
    logger: new DefaultLogger('ERROR'),
  });
});

const FILES = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort();

function read(file: string): RecordedHistory {
  const name = file.replace(/^.*[\\/]/, '').replace('.json', '');
  return { workflowId: workflowIdOf(name), history: JSON.parse(readFileSync(join(__dirname, file), 'utf8')) };
}

/** Names of the errors with which histories do not fit the workflow code; empty = all fit. */
async function misfits(code: string, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const replayed = Worker.runReplayHistories({ workflowBundle: { code } }, files.map(read));
  for await (const { workflowId, error } of replayed)
    if (error !== undefined) found.push(`${workflowId}: ${error.name}`);
  return found;
}

/** The bundle with one line of the workflow changed. */
function changed(line: string, into: string): string {
  expect(bundle.code.split(line).length).toBe(2); // the bundle itself would be printed
  return bundle.code.replace(line, into);
}

it('records every shape of the workflow, without names or paths of the machine that made them', () => {
  const shapes = ['blocked-and-resumed', 'cancelled', 'cancelled-while-paused', 'continued-as-new'];
  shapes.push('pause-and-resume', 'plain', 'retry-errors', 'shown-in-the-list');
  shapes.push('told-with-batches', 'told-with-batches-and-paused');
  expect(FILES).toEqual(expect.arrayContaining(shapes.map((name) => join('0.1.0', `${name}.json`))));
  for (const file of FILES) {
    const text = readFileSync(join(__dirname, file), 'utf8');
    expect(text).not.toMatch(/\d+@|stackTrace|\.[jt]s:\d+|"[^"]*\/(home|root|tmp|work|Users)\//);
  }
});

it('every recorded history replays', async () => {
  expect(await misfits(bundle.code, FILES)).toEqual([]);
});

it('a longer timeout of an activity fits the histories of before', async () => {
  expect(
    await misfits(changed("startToCloseTimeout: '30 days'", "startToCloseTimeout: '60 days'"), FILES),
  ).toEqual([]);
});

it.each([
  ['leaves out an activity', 'await model.preflight(experimentId);', ''],
  [
    'calls another activity in its place',
    'await model.preflight(experimentId);',
    'await database.recordProgress(experimentId);',
  ],
  [
    'takes a step more',
    'await model.preflight(experimentId);',
    'await model.preflight(experimentId); await database.recordProgress(experimentId);',
  ],
])('a workflow that %s is caught by every history that got as far', async (_what, line, into) => {
  const found = await misfits(changed(line, into), FILES);
  expect(found).toEqual(FILES.map((file) => `${read(file).workflowId}: DeterminismViolationError`));
});
