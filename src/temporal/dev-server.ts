/**
 * The Temporal server of a client: a child under a guard that ends it with the client. If it dies while the client
 * lives, it is started again on the same ports; workers and clients reconnect by themselves.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnavailableError } from '../errors';
import { awaitReady, type DevServerPorts } from './await-ready';
import { freePort } from './free-port';
import { GuardedProcess } from './guarded-process';

const PREFERRED_PORT = 7233;
/** Distance of the Web UI's preferred port from the server's. */
const UI_PORT_OFFSET = 1000;
/** A port may be taken between the search and the server's start. */
const START_TRIES = 3;
const MAX_RESTARTS = 5;
const RESTARTS_COUNT_FOR_MS = 60_000;
/** Before the second restart; doubled before each further one. */
const RESTART_DELAY_MS = 250;

/** What a server is started with. */
export interface DevServerOptions {
  cliPath: string;
  /** Temporal's own database; made where it is not there. */
  databaseFile: string;
  /** What the server prints is appended to it. */
  logFile: string;
  /** Taken, where it is free. @default 7233 */
  preferredPort?: number;
  /** The one that the server makes by itself. */
  namespace: 'default';
  /** Called while the server starts, which takes most of a second: the time for work that would else come after. */
  whileStarting?: () => Promise<unknown>;
  /** Called before each restart of a server that ended by itself, with the restarts within the last minute. */
  onUnexpectedExit?: (restarts: number) => void;
  /** Called once when the server ended too often to be started again. */
  onGivenUp?: (error: TemporalUnavailableError) => void;
}

/** A server that answers. */
export interface DevServer {
  address: string;
  uiUrl: string;
  /** Process id of the server; a restart changes it. null = being restarted. */
  readonly pid: number | null;
  /** Ends the server and waits for its end. */
  stop(): Promise<void>;
}

/** Starts the server and waits until it answers. Throws TemporalUnavailableError. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const hadDatabase = existsSync(options.databaseFile);
  for (let tries = 0; tries < START_TRIES; tries++) {
    const ports = await choosePorts(tries === 0 ? (options.preferredPort ?? PREFERRED_PORT) : undefined);
    const process = spawnServer(options, ports);
    await options.whileStarting?.();
    if (await awaitReady(process, ports, options.namespace))
      return new RestartingServer(options, ports, process);
    const isSilent = !process.hasEnded;
    await process.stop();
    if (isSilent) break;
  }
  throw unavailable('did not start', options, hadDatabase);
}

class RestartingServer implements DevServer {
  readonly address: string;
  readonly uiUrl: string;
  private readonly stopping = new AbortController();
  /** When the server was restarted, in milliseconds of the monotonic clock. */
  private restartsMs: number[] = [];
  private readonly watching: Promise<void>;

  constructor(
    private readonly options: DevServerOptions,
    private readonly ports: DevServerPorts,
    private process: GuardedProcess,
  ) {
    this.address = `127.0.0.1:${ports.port}`;
    this.uiUrl = `http://127.0.0.1:${ports.uiPort}`;
    this.watching = this.watch();
  }

  get pid(): number | null {
    return this.process.pid;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.process.stop();
    await this.watching;
  }

  private async watch(): Promise<void> {
    for (;;) {
      await this.process.ended;
      if (this.stopping.signal.aborted) return;
      const now = performance.now();
      this.restartsMs = this.restartsMs.filter((restartMs) => now - restartMs < RESTARTS_COUNT_FOR_MS);
      if (this.restartsMs.length >= MAX_RESTARTS) break;
      const delayMs = this.restartsMs.length === 0 ? 0 : RESTART_DELAY_MS * 2 ** (this.restartsMs.length - 1);
      this.restartsMs.push(now);
      this.options.onUnexpectedExit?.(this.restartsMs.length);
      await sleep(delayMs, null, { signal: this.stopping.signal }).catch(() => {});
      if (this.stopping.signal.aborted) return;
      this.process = spawnServer(this.options, this.ports);
    }
    this.options.onGivenUp?.(unavailable('ended again and again', this.options, true));
  }
}

async function choosePorts(preferred: number | undefined): Promise<DevServerPorts> {
  return {
    port: await freePort(preferred),
    uiPort: await freePort(preferred === undefined ? undefined : preferred + UI_PORT_OFFSET),
    httpPort: await freePort(),
  };
}

function spawnServer(options: DevServerOptions, { port, uiPort, httpPort }: DevServerPorts): GuardedProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1'];
  args.push('--port', String(port), '--ui-port', String(uiPort), '--http-port', String(httpPort));
  args.push('--db-filename', options.databaseFile, '--log-level', 'error');
  args.push('--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL');
  return new GuardedProcess(options.logFile, options.cliPath, args);
}

function unavailable(
  what: string,
  options: DevServerOptions,
  hadDatabase: boolean,
): TemporalUnavailableError {
  const { logFile, databaseFile } = options;
  const remedy = hadDatabase
    ? ` If it is about the database, move ${databaseFile} away: nothing is lost, because the results file holds everything.`
    : '';
  return new TemporalUnavailableError(`The Temporal server ${what}. See why in ${logFile}.${remedy}`);
}
