/**
 * One experiment with its processes, and what happened to them: the client, its Temporal server and guard, the simulated
 * model server, and the files they leave. Logs that the checker reads lie outside of the folder that may become full.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClientProcess,
  query,
  runClient,
  startClient,
  statusOf,
  writeStudy,
} from '../helpers/client-process';
import { CallHistory } from './call-history';
import type { Mode, Target, Window } from './plan';
import { SimulatorProcess } from './simulator-process';

export const CONCURRENCY = 8;
/** Of the simulated model: its labels depend on it. */
export const MODEL_SEED = 1;
const PRELOAD = join(__dirname, 'preload.js');
const CONFIG = ['--config', 'study.yaml', '--db', 'study.db'];
const DISK = 'size=128m';

/** What was killed, and when: milliseconds of the epoch. */
export interface Kill {
  component: Target | Window;
  atMs: number;
}

/** A client process, and what stood behind its start. */
export interface Client extends ClientProcess {
  spawnedMs: number;
  /** What died before; null = nothing was killed. */
  after: Kill['component'] | null;
  hasEnded: boolean;
}

/** A time in which something kept answers from being stored, or calls from being made. */
export interface Trouble {
  kind: 'lock' | 'full' | 'stop';
  fromMs: number;
  toMs: number;
}

export class Stage {
  readonly folder: string;
  readonly db: string;
  readonly journalFile: string;
  readonly history: CallHistory;
  readonly simulator: SimulatorProcess;
  readonly kills: Kill[] = [];
  readonly clients: Client[] = [];
  readonly troubles: Trouble[] = [];
  /** How often two processes were started in the same instant. */
  twoStarts = 0;
  /** How often answers waited for a full disk to have room, and `status` said so. */
  fullDiskTold = 0;
  /** What was seen to be wrong, in words. */
  readonly violations: string[] = [];
  /** Faults that last while others happen. */
  background: Promise<void> = Promise.resolve();
  /** Aborted = those that are still going on end now. */
  readonly calm = new AbortController();
  private readonly root: string;
  private client: Client | null = null;
  private killedBefore: Kill['component'] | null = null;
  private handing: Promise<void> = Promise.resolve();

  constructor(
    readonly mode: Mode,
    readonly nNarratives: number,
    readonly hasOwnDisk: boolean,
  ) {
    this.root = mkdtempSync(join(tmpdir(), 'longhaul-chaos-'));
    this.folder = join(this.root, 'study');
    mkdirSync(this.folder);
    if (hasOwnDisk) spawnSync('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', this.folder]);
    this.db = join(this.folder, 'study.db');
    this.journalFile = join(this.root, 'journal.jsonl');
    const callLogFile = join(this.root, 'calls.jsonl');
    this.history = new CallHistory(callLogFile);
    this.simulator = new SimulatorProcess(callLogFile, MODEL_SEED);
  }

  /** Starts the model server and writes the study. */
  async prepare(): Promise<void> {
    await this.simulator.start();
    const { nNarratives, folder, simulator } = this;
    writeStudy(folder, { apiUrl: simulator.url, nNarratives, concurrency: CONCURRENCY, timeoutSec: 120 });
  }

  /** The client that runs; null = none does. */
  get running(): Client | null {
    return this.client?.hasEnded === false ? this.client : null;
  }

  /** The experiment's id; it must be there. */
  get experimentId(): string {
    return query<{ id: string }>(this.db, 'SELECT experiment_id AS id FROM experiments')[0]!.id;
  }

  get isDone(): boolean {
    return ['completed', 'completed_with_errors'].includes(statusOf(this.db)?.status ?? '');
  }

  /** Starts the client where none runs, and sees that the experiment is handed to it. */
  async ensureRunning({
    dieAt,
    twoStarts = false,
  }: { dieAt?: string; twoStarts?: boolean } = {}): Promise<Client> {
    if (this.running === null) {
      if (twoStarts) await this.startTwo();
      else this.adopt(this.spawn(dieAt));
    }
    if (this.mode === 'up') this.handOver();
    return this.client!;
  }

  /** Starts another command of the client as the running one; it is followed in its stead. */
  run(args: readonly string[]): Client {
    return this.adopt(this.spawn(undefined, [...args, '--db', 'study.db']));
  }

  /** Runs a command of the client beside the running one. */
  command(args: readonly string[]): ReturnType<typeof runClient> {
    return runClient([...args, '--db', 'study.db'], { cwd: this.folder });
  }

  /** Notes that something was killed just now: no call that it took with it can have begun later. */
  noteKill(component: Kill['component'], endsClient: boolean): void {
    this.kills.push({ component, atMs: Date.now() });
    if (endsClient) this.killedBefore = component;
  }

  /** Notes a time of trouble from now on; call the result at its end. */
  beginTrouble(kind: Trouble['kind']): () => void {
    const trouble: Trouble = { kind, fromMs: Date.now(), toMs: Infinity };
    this.troubles.push(trouble);
    return () => (trouble.toMs = Date.now());
  }

  /** Process ids of the embedded Temporal servers and their guards. */
  temporalProcesses(): { servers: number[]; guards: number[] } {
    const listed = spawnSync('ps', ['-axo', 'pid=,stat=,args='], { encoding: 'utf8' }).stdout.split('\n');
    const ours = listed
      .filter((line) => line.includes(`${this.db}.temporal.db `) && !/^\s*\d+\s+Z/.test(line))
      .map((line) => ({ pid: Number(/\d+/.exec(line)![0]), isGuard: line.includes('dev-server-guard') }));
    return {
      servers: ours.filter(({ isGuard }) => !isGuard).map(({ pid }) => pid),
      guards: ours.filter(({ isGuard }) => isGuard).map(({ pid }) => pid),
    };
  }

  /** Ends what is left, and removes the folder, unless it is to be looked at. */
  async dispose({ keep }: { keep: boolean }): Promise<string | null> {
    if (this.running !== null) {
      this.running.child.kill('SIGKILL');
      await this.running.ended;
    }
    await this.handing;
    const { servers, guards } = this.temporalProcesses();
    for (const pid of [...guards, ...servers]) kill(pid);
    await this.simulator.kill();
    if (keep) return this.root;
    for (let tries = 0; this.hasOwnDisk && tries < 20; tries += 1) {
      if (spawnSync('umount', [this.folder]).status === 0) break;
      await sleep(100);
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    return null;
  }

  private spawn(dieAt?: string, args?: readonly string[]): Client {
    const command = args ?? (this.mode === 'up' ? ['up', '--db', 'study.db'] : ['start', ...CONFIG]);
    const env = {
      NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
      CHAOS_JOURNAL: this.journalFile,
      CHAOS_DIE_AT: dieAt ?? '',
    };
    const spawnedMs = Date.now();
    const process = startClient(command, { cwd: this.folder, env });
    const client: Client = { ...process, spawnedMs, after: this.killedBefore, hasEnded: false };
    void client.ended.then(() => (client.hasEnded = true));
    return client;
  }

  private adopt(client: Client): Client {
    this.client = client;
    this.clients.push(client);
    this.killedBefore = null;
    return client;
  }

  /** Two starts in the same instant: one of them has to be refused, and the other to run. */
  private async startTwo(): Promise<void> {
    this.twoStarts += 1;
    const both = [this.spawn(), this.spawn()];
    const first = await Promise.race(both.map((client) => client.ended.then((code) => ({ client, code }))));
    const other = both.find((client) => client !== first.client)!;
    if (first.code !== 3 && !(first.code === 0 && this.isDone)) {
      const printed = first.client.stderr() + first.client.stdout();
      this.violations.push(`of two starts one ended with ${first.code}, not 3: ${printed.slice(-500)}`);
    }
    this.adopt(other);
  }

  /** In the background: whatever befalls the service meanwhile must not hold up the faults. */
  private handOver(): void {
    const status = statusOf(this.db)?.status ?? 'pending';
    if (!['pending', 'paused'].includes(status)) return;
    const service = this.client!;
    const begun = this.handing.then(async () => {
      for (let tries = 0; service.hasEnded === false && tries < 50; tries += 1) {
        const { code } = await runClient(['start', ...CONFIG, '--detach'], { cwd: this.folder });
        if (code === 0 || code === 5) return;
        if (!['pending', 'paused', undefined].includes(statusOf(this.db)?.status)) return;
        await sleep(100);
      }
    });
    this.handing = begun;
  }

  /** Waits until nobody is handing over any more. */
  untilHandedOver(): Promise<void> {
    return this.handing;
  }
}

/** Ends a process that may have ended. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}
