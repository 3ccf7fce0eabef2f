/**
 * The Temporal server of a client: a child in its own process group under a guard that ends it with the client. If it
 * dies while the client lives, it is started again on the same ports; workers and clients reconnect by themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { TemporalUnavailableError } from '../errors';
import { freePort } from './free-port';

const PREFERRED_PORT = 7233;
const PREFERRED_UI_PORT = 8233;
/** A port may be taken between the search and the server's start. */
const START_TRIES = 3;
const READY_WITHIN_MS = 60_000;
const RETENTION_SECONDS = 8760 * 3600;
const MAX_RESTARTS = 20;
const RESTART_AFTER_MS = 500;

export interface DevServerOptions {
  cliPath: string;
  databaseFile: string;
  logFile: string;
  namespace: string;
  /** Called before each restart of a server that ended by itself. */
  onUnexpectedExit: () => void;
}

/** A server that answers. */
export interface DevServer {
  address: string;
  uiUrl: string;
  /** Ends the server and waits for its end. */
  stop(): Promise<void>;
}

interface Ports {
  port: number;
  uiPort: number;
}

/** Starts the server and waits until it answers. Throws TemporalUnavailableError. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const hadDatabase = existsSync(options.databaseFile);
  for (let tries = 0; tries < START_TRIES; tries++) {
    const ports = { port: await freePort(PREFERRED_PORT), uiPort: await freePort(PREFERRED_UI_PORT) };
    const guard = spawnGuard(options, ports);
    if (await isReady(ports, guard, options.namespace)) return new GuardedServer(options, ports, guard);
    await endGuard(guard);
  }
  throw new TemporalUnavailableError(
    `The Temporal server did not start; its log is ${options.logFile}.` +
      (hadDatabase
        ? ` If it complains of its database, move ${options.databaseFile} away: the results file holds everything.`
        : ''),
  );
}

class GuardedServer implements DevServer {
  readonly address: string;
  readonly uiUrl: string;
  private isStopping = false;
  private restarts = 0;

  constructor(
    private readonly options: DevServerOptions,
    private readonly ports: Ports,
    private guard: ChildProcess,
  ) {
    this.address = `127.0.0.1:${ports.port}`;
    this.uiUrl = `http://127.0.0.1:${ports.uiPort}`;
    this.watch();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await endGuard(this.guard);
  }

  private watch(): void {
    this.guard.once('exit', () => void this.restart());
  }

  private async restart(): Promise<void> {
    if (this.isStopping || this.restarts >= MAX_RESTARTS) return;
    this.restarts += 1;
    this.options.onUnexpectedExit();
    await sleep(RESTART_AFTER_MS);
    if (this.isStopping) return;
    this.guard = spawnGuard(this.options, this.ports);
    this.watch();
  }
}

function spawnGuard(options: DevServerOptions, { port, uiPort }: Ports): ChildProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1', '--log-level', 'error'];
  args.push('--port', String(port), '--ui-port', String(uiPort), '--db-filename', options.databaseFile);
  args.push('--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL');
  return spawn(process.execPath, [guardFile(), options.logFile, options.cliPath, ...args], {
    detached: true, // Ctrl-C reaches the client's process group, not the server's
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

/** Beside this file once built; tests run from the sources and use the built one. */
function guardFile(): string {
  const beside = join(__dirname, 'dev-server-guard.js');
  return existsSync(beside) ? beside : join(__dirname, '../../dist/temporal/dev-server-guard.js');
}

async function isReady({ port }: Ports, guard: ChildProcess, namespace: string): Promise<boolean> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline && guard.exitCode === null && guard.signalCode === null) {
    try {
      await keepHistories(port, namespace);
      return true;
    } catch {
      await sleep(100);
    }
  }
  return false;
}

/** The server would forget histories after a day; an experiment may run for weeks. */
async function keepHistories(port: number, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: '1 second' });
  try {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
    });
  } finally {
    await connection.close();
  }
}

function endGuard(guard: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (guard.exitCode !== null || guard.signalCode !== null) return resolve();
    guard.once('exit', () => resolve());
    guard.stdin?.end();
  });
}
