/** Waits until a Temporal dev server answers, and tells it to keep histories as long as an experiment may run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { Agent, request } from 'undici';
import type { GuardedProcess } from './guarded-process';

/** A slow disk needs a while. */
const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 2000;
/** The server's own default of a day would forget the early part of an experiment that still runs. */
const RETENTION = '8760h';

/** Where a dev server listens on 127.0.0.1. */
export interface DevServerPorts {
  /** The frontend, for clients and workers. */
  port: number;
  uiPort: number;
  /** The same API over HTTP: a port that no other server has by habit. */
  httpPort: number;
}

/** Whether it answers; false = it has ended, or was silent for 30 seconds. */
export async function awaitReady(
  server: GuardedProcess,
  ports: DevServerPorts,
  namespace: string,
): Promise<boolean> {
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  const agent = new Agent({ headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS });
  try {
    while (!server.hasEnded && performance.now() < deadlineMs) {
      try {
        await describeNamespace(ports, namespace, agent);
        await keepHistories(ports, namespace);
        return !server.hasEnded;
      } catch {
        await sleep(LOOK_EVERY_MS);
      }
    }
    return false;
  } finally {
    await agent.destroy();
  }
}

/** On the frontend's port a server of somebody else, which was quicker, might answer; on this one only ours does. */
async function describeNamespace(
  { httpPort }: DevServerPorts,
  namespace: string,
  agent: Agent,
): Promise<void> {
  const url = `http://127.0.0.1:${httpPort}/api/v1/namespaces/${namespace}`;
  const { statusCode, body } = await request(url, { dispatcher: agent });
  await body.dump();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
}

async function keepHistories({ port }: DevServerPorts, namespace: string): Promise<void> {
  const connection = await Connection.connect({
    address: `127.0.0.1:${port}`,
    connectTimeout: ANSWER_WITHIN_MS,
  });
  try {
    await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: msToTs(RETENTION) },
      }),
    );
  } finally {
    await connection.close();
  }
}
