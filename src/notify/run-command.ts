/** Runs a program that tells somebody: without a shell, and no longer than it may take. */
import { spawn } from 'node:child_process';

/** A program and what it is given. */
export interface Command {
  /** Program and arguments. */
  argv: readonly string[];
  environment: NodeJS.ProcessEnv;
  /** Written to its standard input. */
  input: string;
}

/** Resolves when it has ended well. Throws an error that quotes nothing of what it was given or said. */
export function runCommand({ argv, environment, input }: Command, deadlineMs: number): Promise<void> {
  const [program, ...args] = argv as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${program} ${why}`));
    // A group of its own, so that what it started is ended with it.
    const child = spawn(program, args, {
      env: environment,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    const deadline = setTimeout(() => {
      killGroup(child.pid);
      fail(`had not ended after ${deadlineMs / 1000} s`);
    }, deadlineMs);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(deadline);
      fail(`cannot be run (${error.code ?? error.name})`);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      if (code === 0) resolve();
      else fail(`ended with ${signal ?? `exit code ${code}`}`);
    });
    child.stdin.on('error', () => undefined); // it need not read
    child.stdin.end(input);
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
