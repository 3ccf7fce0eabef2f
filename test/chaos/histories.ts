/** I10: what Temporal holds of an experiment's workflow goes on under the workflow code, as it would after a restart. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowIdOf } from '../../src/experiment';
import { startDevServer } from '../../src/temporal/dev-server';
import type { Stage } from './stage';

const BUNDLE = join(__dirname, '../../dist/temporal/workflow-bundle.js');
const WITHIN_MS = 30_000;

/** How many runs there were, and which of them do not replay. */
export interface HistoryCheck {
  nRuns: number;
  violations: string[];
}

/** Starts a server of its own on the database that the last client has left, and replays every run that it holds. */
export async function checkHistories(stage: Stage): Promise<HistoryCheck> {
  const check: HistoryCheck = { nRuns: 0, violations: [] };
  const databaseFile = `${stage.db}.temporal.db`;
  if (!existsSync(databaseFile)) return check;
  installQuietRuntime();
  const server = await startDevServer({
    cliPath: process.env.TEMPORAL_CLI_PATH!,
    databaseFile,
    logFile: join(stage.folder, 'replay.log'),
    namespace: 'default',
  });
  try {
    const connection = await Connection.connect({ address: server.address, connectTimeout: WITHIN_MS });
    try {
      await replay(new Client({ connection }), workflowIdOf(stage.experimentId), check);
    } finally {
      await connection.close();
    }
  } finally {
    await server.stop();
  }
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
