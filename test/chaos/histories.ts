/** I10: what Temporal holds of an experiment's workflow goes on under the workflow code, as it would after a restart. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowIdOf } from '../../src/experiment';
import { withLeftTemporal } from '../helpers/left-temporal';
import type { Stage } from './stage';

const BUNDLE = join(__dirname, '../../dist/temporal/workflow-bundle.js');

/** How many runs there were, and which of them do not replay. */
export interface HistoryCheck {
  nRuns: number;
  violations: string[];
}

/** Replays every run that the database holds which the last client has left. */
export async function checkHistories(stage: Stage): Promise<HistoryCheck> {
  const check: HistoryCheck = { nRuns: 0, violations: [] };
  installQuietRuntime();
  const left = { databaseFile: `${stage.db}.temporal.db`, logFile: join(stage.folder, 'replay.log') };
  await withLeftTemporal(left, (client) => replay(client, workflowIdOf(stage.experimentId), check));
  return check;
}

async function replay(client: Client, workflowId: string, check: HistoryCheck): Promise<void> {
  const histories = client.workflow.list({ query: `WorkflowId = '${workflowId}'` }).intoHistories();
  const options = { workflowBundle: { codePath: BUNDLE } };
  for await (const { runId, error } of Worker.runReplayHistories(options, histories)) {
    check.nRuns += 1;
    if (error !== undefined)
      check.violations.push(`I10: the history of run ${runId} does not replay: ${error.name}`);
  }
}

let isInstalled = false;
function installQuietRuntime(): void {
  if (!isInstalled) Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  isInstalled = true;
}
