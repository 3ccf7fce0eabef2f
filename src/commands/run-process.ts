import { readEnvironment } from '../config/environment';
import { runProgram } from './program';

/** Runs a command as this process: its streams, environment and folder, and at the end its exit code. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  process.umask(0o077);
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  process.exitCode = await runProgram(argv, {
    stdout,
    stderr,
    environment: readEnvironment(),
    workingDirectory: process.cwd(),
  });
}

/** `| head` has closed its end: what is left to print concerns nobody. The work, if there is any, goes on. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
