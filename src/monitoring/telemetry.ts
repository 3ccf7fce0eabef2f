/** Logs and traces of a worker, as its settings ask for. Nothing of it is loaded that is not asked for. */
import type { WorkEvent, WorkObserver } from '../activities/work-event';
import type { TelemetrySettings, TraceProtocol } from '../config/telemetry-settings';
import type { Store } from '../store/open-store';

/** What is told of the work, and until when. */
export interface Telemetry {
  observe: WorkObserver;
  /** Ends it; what is left is written or sent. Never rejects. */
  close(): Promise<void>;
}

/** What telemetry needs of the worker. */
export interface TelemetryHost {
  settings: TelemetrySettings;
  store: Store;
  onWarning: (message: string) => void;
}

/** Starts what the settings ask for; what cannot be started is told and left out. */
export async function startTelemetry(host: TelemetryHost): Promise<Telemetry> {
  const { settings, onWarning } = host;
  for (const notice of settings.notices) onWarning(notice);
  const { logFolder, traces } = settings;
  const parts: Telemetry[] = [];
  const start = async (what: string, make: () => Promise<Telemetry>): Promise<void> => {
    try {
      parts.push(await make());
    } catch (error) {
      onWarning(`No ${what}: ${(error as Error).name}. The work goes on without.`);
    }
  };
  if (logFolder !== null) await start('log', () => writeLogs(host, logFolder));
  if (traces !== null) await start('traces', () => sendTraces(host, traces));
  return {
    observe: (event) => {
      for (const part of parts) observeSafely(part, event);
    },
    close: async () => {
      await Promise.allSettled(parts.map((part) => part.close()));
    },
  };
}

/** Whoever watches must not disturb: an error of theirs costs what they would have told. */
export function observeSafely(part: Pick<Telemetry, 'observe'>, event: WorkEvent): void {
  try {
    part.observe(event);
  } catch {
    // see above
  }
}

async function writeLogs({ store, onWarning }: TelemetryHost, folder: string): Promise<Telemetry> {
  const { ExperimentLogs } = await import('./experiment-logs.js');
  const logs = new ExperimentLogs({ folder, store, onWarning });
  return { observe: logs.observe, close: () => logs.close() };
}

async function sendTraces({ onWarning }: TelemetryHost, protocol: TraceProtocol): Promise<Telemetry> {
  const { exportTraces } = await import('./trace-export.js');
  const { WorkTraces } = await import('./traces.js');
  const sending = await exportTraces(protocol, onWarning);
  const traces = new WorkTraces(sending.tracer);
  return {
    observe: traces.observe,
    close: () => {
      traces.close();
      return sending.close();
    },
  };
}
