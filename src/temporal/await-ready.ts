/** Waits until a Temporal dev server answers, and tells it to keep histories as long as an experiment may run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { GuardedProcess } from './guarded-process';

/** A slow disk needs a while. */
const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 2000;
/** The server's own default of a day would forget the early part of an experiment that still runs. */
const RETENTION = '31536000s';

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
        await ask(ports, `namespaces/${namespace}`, { dispatcher: agent });
        await keepHistories(ports, namespace, agent);
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

/**
 * By HTTP: on the frontend's port a server of somebody else, which was quicker, might answer; on this one only ours
 * does. It also needs none of Temporal's libraries, which take a while to load.
 */
async function ask(
  { httpPort }: DevServerPorts,
  path: string,
  options: { dispatcher: Agent; method?: 'POST'; body?: string },
): Promise<void> {
  const { statusCode, body } = await request(`http://127.0.0.1:${httpPort}/api/v1/${path}`, options);
  await body.dump();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
}

function keepHistories(ports: DevServerPorts, namespace: string, dispatcher: Agent): Promise<void> {
  const body = JSON.stringify({ config: { workflowExecutionRetentionTtl: RETENTION } });
  return ask(ports, `namespaces/${namespace}/update`, { dispatcher, method: 'POST', body });
}
