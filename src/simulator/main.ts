/** The simulated model server as a command of its own: `node dist/simulator/main.js --help`. */
import { CommanderError } from 'commander';
import { EXIT, LonghaulError } from '../errors';
import { startModelServer, type ModelServerOptions } from './model-server';
import { createSimulatorProgram } from './simulator-program';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

void main();

async function main(): Promise<void> {
  try {
    await createSimulatorProgram(serveUntilStopped, (text) => process.stdout.write(text))
      .exitOverride()
      .parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError) return;
    process.stderr.write(`${error instanceof LonghaulError ? error.message : String(error)}\n`);
  }
}

async function serveUntilStopped(options: ModelServerOptions): Promise<void> {
  const server = await startModelServer({ ...options, keepsCalls: false });
  for (const signal of STOP_SIGNALS) process.once(signal, () => void server.close());
  process.stdout.write(
    `simulated model server: ${server.url}\n` +
      'This is no real model: its answers are made up from a hash of each text.\n',
  );
}

function exitCodeOf(error: unknown): number {
  if (error instanceof LonghaulError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.completed : EXIT.userCanMend;
  return EXIT.unexpected;
}
