/** Activities that keep a small truth of their own in place of SQLite, for workflows on a real Temporal server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Activities } from '../../src/activities/create-activities';
import { experimentBlocked } from '../../src/activities/failure';
import type { ExperimentAttributes, ExperimentOutcome, ExperimentProgress } from '../../src/experiment';

const BATCH = 10;
/** Batches open at once. */
export const WINDOW = 3;

/** What SQLite would know: which batches are open in which pass. */
export class Truth {
  readonly log: string[] = [];
  status = 'pending';
  open = new Set<number>();
  passes = [0];
  inFlight = 0;
  mostInFlight = 0;
  batchMs = 20;
  /** No batch ends before it does. */
  held: Promise<void> = Promise.resolve();
  blockedBy: string | null = null;
  /** Whether Temporal's list is told how it stands, at every chance. */
  showsAttributes = false;

  constructor(readonly nBatches: number) {
    for (let batch = 0; batch < nBatches; batch += 1) this.open.add(batch);
  }

  outcome(reason: string | null = null): ExperimentOutcome {
    const nTotal = this.nBatches * BATCH;
    const status = this.status as ExperimentOutcome['status'];
    return { status, reason, nTotal, nCompleted: nTotal - this.open.size * BATCH, nErrors: 0 };
  }

  attributes(): { searchAttributes?: ExperimentAttributes } {
    if (!this.showsAttributes) return {};
    const { status, nCompleted, nErrors } = this.outcome();
    const names = { ExpName: 'a study', ExpModel: 'a model' };
    return { searchAttributes: { ExpStatus: status, ...names, ExpDone: nCompleted, ExpErrors: nErrors } };
  }

  progress(): ExperimentProgress {
    const { nTotal, nCompleted, nErrors } = this.outcome();
    const pace = { narrativesPerMinute: null, estimatedCompletionTime: null };
    return { nTotal, nCompleted, nErrors, ...pace, ...this.attributes() };
  }

  activities(): { [Name in keyof Activities]: (...args: Parameters<Activities[Name]>) => unknown } {
    return {
      openExperiment: () => {
        this.status = 'running';
        const { nTotal, nCompleted } = this.outcome();
        return { pass: this.passes[0] ?? 0, nTotal, nCompleted, window: WINDOW, ...this.attributes() };
      },
      preflight: () => {
        if (this.blockedBy !== null) throw experimentBlocked(this.blockedBy);
      },
      listOpenBatches: ({ limit }) => [...this.open].sort((a, b) => a - b).slice(0, limit),
      labelBatch: async ({ batch }) => {
        this.inFlight += 1;
        this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
        const { cancellationSignal } = Context.current();
        const beats = setInterval(() => Context.current().heartbeat(), 50);
        try {
          await sleep(this.batchMs, undefined, { signal: cancellationSignal }).catch(() => {});
          await this.held;
          const progress = this.progress();
          if (cancellationSignal.aborted) return { saved: 0, errors: 0, left: BATCH, progress };
          this.open.delete(batch);
          this.log.push(`batch ${batch}`);
          return { saved: BATCH, errors: 0, left: 0, progress: this.progress() };
        } finally {
          clearInterval(beats);
          this.inFlight -= 1;
        }
      },
      recordProgress: () => this.progress(),
      finishPass: (_id, pass) => {
        this.log.push(`pass ${pass} finished`);
        this.passes = this.passes.filter((each) => each !== pass);
        return this.passes[0] ?? null;
      },
      requestRetry: () => {
        this.passes.push(this.log.filter((line) => line.startsWith('pass')).length + this.passes.length);
        this.open.add(0);
        return 7;
      },
      finishExperiment: () => {
        if (this.passes.length > 0) return this.outcome();
        this.status = 'completed';
        this.log.push('finished');
        return { ...this.outcome(), ...this.attributes() };
      },
      stopExperiment: ({ status, reason }) => {
        this.status = status;
        this.log.push(`${status}: ${reason}`);
        return { ...this.outcome(reason), ...this.attributes() };
      },
    };
  }
}
