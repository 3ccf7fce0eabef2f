/** The simulated model server as a process of its own, which can be killed and comes back on its port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

const MAIN = join(__dirname, '../../dist/simulator/main.js');
const READY_WITHIN_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 100;

export class SimulatorProcess {
  /** URL of the chat API. */
  url = '';
  private port = 0;
  private child: ChildProcess | null = null;

  constructor(
    private readonly callLogFile: string,
    private readonly seed: number,
    /** Further arguments of the simulator. */
    private readonly extra: readonly string[] = ['--latency-min-ms', '20', '--latency-max-ms', '80'],
  ) {}

  /** Starts it, on the port that it had; its port may be in use for a moment. */
  async start(): Promise<void> {
    const deadlineMs = Date.now() + READY_WITHIN_MS;
    while (!(await this.tryStart())) {
      if (Date.now() > deadlineMs) throw new Error('the simulated model server does not start');
      await sleep(TRY_AGAIN_AFTER_MS);
    }
  }

  /** Ends it at once, with its connections. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Serves these faults to the given share of texts from now on; an empty list: none. */
  async setFaults(list: string, rate: number): Promise<void> {
    const { statusCode, body } = await request(`http://127.0.0.1:${this.port}/control/faults`, {
      method: 'POST',
      body: JSON.stringify({ list, rate }),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`the simulated model server refused: ${statusCode}`);
  }

  /** `false` = it ended before it listened. */
  private async tryStart(): Promise<boolean> {
    const args = ['--port', `${this.port}`, '--seed', `${this.seed}`, '--call-log', this.callLogFile];
    const child = spawn(process.execPath, [MAIN, ...args, ...this.extra], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = '';
    const isReady = await new Promise<boolean>((resolve) => {
      child.once('exit', () => resolve(false));
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        const url = /(http:\/\/127\.0\.0\.1:(\d+)\S*)\n/.exec(printed);
        if (url === null) return;
        this.url = url[1]!;
        this.port = Number(url[2]);
        resolve(true);
      });
    });
    this.child = isReady ? child : null;
    return isReady;
  }
}
