/**
 * A log of JSON lines for each experiment: its events as the results file has them, its batches, and every fault by
 * category, code, HTTP status and the narrative's position and id. Messages of faults stay in the results file: they may
 * hold what a model server said.
 */
import { join } from 'node:path';
import type { FaultFacts, WorkEvent } from '../activities/work-event';
import type { Store } from '../store/open-store';
import { LogFile } from './log-file';
import { lastLoggedEvent } from './logged-events';

const LOOK_EVERY_MS = 1000;
const FILE_NAME = 'experiment.jsonl';

/** What logs are made with. */
export interface LogOptions {
  /** Each experiment has a folder in it. */
  folder: string;
  store: Pick<Store, 'events' | 'experiments'>;
  onWarning: (message: string) => void;
}

interface Log {
  file: LogFile;
  lastEvent: number;
}

export class ExperimentLogs {
  private readonly logs = new Map<string, Log>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: LogOptions) {
    this.timer = setInterval(() => void this.write(), LOOK_EVERY_MS);
  }

  /** Takes note of what a worker does. */
  readonly observe = (event: WorkEvent): void => {
    switch (event.kind) {
      case 'experiment_opened':
        this.of(event.experimentId);
        break;
      case 'experiment_stopped': {
        const { status, nTotal, nCompleted, nErrors } = event.outcome;
        const counts = { status, n_total: nTotal, n_completed: nCompleted, n_errors: nErrors };
        this.add(event.experimentId, status === 'failed' ? 'error' : 'info', 'stopped', counts);
        break;
      }
      case 'batch_ended': {
        const { experimentId, pass, batch } = event.batch;
        const seconds = secondsOf(event.tookMs);
        const level = event.outcome === null ? 'warn' : 'info';
        this.add(experimentId, level, 'batch', {
          pass,
          batch,
          ...(event.outcome ?? { failed: true }),
          seconds,
        });
        break;
      }
      case 'call': {
        if (event.fault === null) break;
        const { experimentId, batch, pass, position, narrativeId } = event.place;
        const place = { pass, batch, position, narrative_id: narrativeId };
        const seconds = secondsOf(event.tookMs);
        const facts = { ...place, endpoint: event.endpoint, ...faultOf(event.fault), seconds };
        this.add(experimentId, 'warn', 'call_failed', facts);
        break;
      }
      case 'commit':
        for (const { experimentId, pass, position, narrativeId, calls, endpoint, fault } of event.saved) {
          if (fault === null) continue;
          const facts = { pass, position, narrative_id: narrativeId, calls, endpoint, ...faultOf(fault) };
          this.add(experimentId, 'error', 'narrative_error', facts);
        }
        break;
      case 'batch_began':
      case 'narrative_began':
      case 'narrative_ended':
        break;
    }
  };

  /** Writes what there is still to write. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  private add(experimentId: string, level: string, what: string, facts: object): void {
    const line = { at: new Date().toISOString(), level, what, experiment_id: experimentId, ...facts };
    this.of(experimentId).file.add(line);
  }

  private of(experimentId: string): Log {
    const known = this.logs.get(experimentId);
    if (known !== undefined) return known;
    const { folder, store, onWarning } = this.options;
    const ownFolder = join(folder, folderNameOf(experimentId));
    const path = join(ownFolder, FILE_NAME);
    const file = new LogFile(path, (code) =>
      onWarning(`The log ${path} cannot be written (${code}). The work goes on; lines are missing from it.`),
    );
    const log = { file, lastEvent: lastLoggedEvent(path) };
    this.logs.set(experimentId, log);
    store.experiments.setOutputFiles(experimentId, { logFolder: ownFolder });
    return log;
  }

  private async write(): Promise<void> {
    for (const [experimentId, log] of this.logs) this.takeOverEvents(experimentId, log);
    await Promise.all([...this.logs.values()].map(({ file }) => file.flush()));
  }

  /** Events are read from the results file: other processes add some, too. */
  private takeOverEvents(experimentId: string, log: Log): void {
    try {
      for (const event of this.options.store.events.listAfter(experimentId, log.lastEvent)) {
        const { event_id, occurred_at: at, kind, detail } = event;
        const level = kind === 'failed' ? 'error' : 'info';
        log.file.add({ at, level, what: 'event', experiment_id: experimentId, event_id, kind, detail });
        log.lastEvent = event_id;
      }
    } catch {
      // a results file that cannot be read now is read again
    }
  }
}

/** Ids of older databases may hold anything. */
function folderNameOf(experimentId: string): string {
  return experimentId.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_');
}

function faultOf({ category, code, httpStatus }: FaultFacts) {
  return { category, code, http_status: httpStatus };
}

function secondsOf(ms: number): number {
  return Math.round(ms) / 1000;
}
