/** What the worker of a command works with, and how the command is told to stop. */
import type { Environment } from '../config/environment';
import { readTelemetrySettings } from '../config/telemetry-settings';
import { EXIT, LonghaulError } from '../errors';
import { parseListenAddress, type ListenAddress } from '../monitoring/listen-address';
import type { WorkerHost } from '../temporal/run-worker';
import { backUpApart } from './back-up-apart';
import type { CommandContext } from './command-context';
import type { Ownership } from './own-results-file';
import { listenForStop, type StopSignals } from './stop-signals';

/** Listens for Ctrl-C and its like: the first lets calls in flight finish, the second ends the process at once. */
export function listenForDrain({ output }: CommandContext): StopSignals {
  return listenForStop(
    () => output.error('Stopping: calls in flight finish and are saved. Again to end at once.'),
    () => process.exit(EXIT.stopped),
  );
}

/** Puts together what a worker needs; warnings and trouble with the disk are told to the person at the terminal. */
export function workerHostOf(
  context: CommandContext,
  ownership: Ownership,
  parts: Pick<WorkerHost, 'store' | 'service' | 'stopping'>,
): WorkerHost {
  const { environment, resultsFile, output, workingDirectory } = context;
  return {
    ...parts,
    environment,
    onWarning: (message) => output.error(message),
    onTrouble: (trouble) => tellTrouble(context, ownership, trouble),
    metricsAddress: metricsAddressOf(environment),
    telemetry: readTelemetrySettings(environment, workingDirectory),
    backUp: () => backUpApart(resultsFile),
  };
}

/** Where LONGHAUL_METRICS has them served; null = nowhere. Throws LonghaulError. */
function metricsAddressOf({ LONGHAUL_METRICS: written }: Environment): ListenAddress | null {
  if (written === undefined || written.trim() === '') return null;
  const address = parseListenAddress(written);
  if (address !== null) return address;
  throw new LonghaulError('LONGHAUL_METRICS must be host:port, :port or a port, such as 127.0.0.1:9464.');
}

/** Tells a person and other processes that answers cannot be written, and when they can again. */
function tellTrouble({ output }: CommandContext, ownership: Ownership, trouble: string | null): void {
  output.error(
    trouble === null
      ? 'The results file can be written again; the answers that were kept in memory are saved.'
      : `Answers cannot be saved now: ${trouble}. They are kept in memory and saved as soon as it is mended.`,
  );
  try {
    ownership.update({ trouble });
  } catch {
    // the note is on the same disk; what was printed has to do
  }
}
