/** A command under a guard (dev-server-guard.ts), so that it ends when this process ends, however that happens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than the guard waits before it kills. */
const STOP_WITHIN_MS = 5000;

/** A running command and its guard, in a process group of their own, which Ctrl-C does not reach. */
export class GuardedProcess {
  /** Process id of the command; null = not known yet, or ended. */
  pid: number | null = null;
  /** Whether the guard, and with it the command, has ended. */
  hasEnded = false;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  private readonly guard: ChildProcess;

  /** Starts the command; what it prints is appended to `logFile`. */
  constructor(logFile: string, command: string, args: readonly string[]) {
    this.guard = spawn(process.execPath, [guardFile(), logFile, command, ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    this.guard.stdin!.on('error', () => {}); // a guard that was killed shows as its end
    this.guard.stdout!.once('data', (line: Buffer) => (this.pid = Number(line.toString())));
    this.ended = this.awaitEnd();
  }

  /** Ends the command, by force after five seconds, and waits for its end. */
  async stop(): Promise<void> {
    this.guard.stdin!.end();
    const waiting = new AbortController();
    const tooLate = sleep(STOP_WITHIN_MS, true, { signal: waiting.signal }).catch(() => false);
    await Promise.race([this.ended, tooLate]);
    waiting.abort();
    this.guard.kill('SIGKILL');
    await this.ended;
  }

  private async awaitEnd(): Promise<void> {
    await once(this.guard, 'close').catch(() => {}); // the guard could not be started
    this.hasEnded = true;
    // A guard that was killed leaves its command behind.
    if (this.guard.exitCode === null && this.pid !== null) kill(this.pid);
    this.pid = null;
  }
}

/** Beside this file once built; tests run from the sources and use the built one. */
function guardFile(): string {
  const beside = join(__dirname, 'dev-server-guard.js');
  return existsSync(beside) ? beside : join(__dirname, '../../dist/temporal/dev-server-guard.js');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}
