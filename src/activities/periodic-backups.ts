/** Backs up the results file whenever so many batches of an experiment are finished, if its config asks for it. */
import type { FrozenConfig } from '../config/frozen-config';
import type { Store } from '../store/open-store';

export class PeriodicBackups {
  /** Finished batches since the last backup began, by experiment. */
  private readonly finished = new Map<string, number>();
  private running: Promise<void> | null = null;

  /** `backUp` makes a copy and gives its path; what it throws is recorded and disturbs nothing. */
  constructor(
    private readonly store: Pick<Store, 'experiments' | 'events'>,
    private readonly backUp: () => Promise<string>,
  ) {}

  /** Counts one more batch and begins a backup when it is due; one that is still being made is not joined by another. */
  noteFinishedBatch(experimentId: string): void {
    const every = this.everyBatches(experimentId);
    if (every === null) return;
    const nFinished = (this.finished.get(experimentId) ?? 0) + 1;
    const isDue = nFinished >= every && this.running === null;
    this.finished.set(experimentId, isDue ? 0 : nFinished);
    if (isDue) this.running = this.make(experimentId).finally(() => (this.running = null));
  }

  /** Resolves when no backup is being made. */
  async settled(): Promise<void> {
    await this.running;
  }

  private everyBatches(experimentId: string): number | null {
    const frozen = JSON.parse(this.store.experiments.get(experimentId)!.frozen_config) as FrozenConfig;
    return frozen.backupEveryBatches ?? null;
  }

  private async make(experimentId: string): Promise<void> {
    try {
      const copy = await this.backUp();
      this.record(experimentId, 'backed_up', copy);
    } catch (error) {
      this.record(experimentId, 'backup_failed', (error as Error).message);
    }
  }

  private record(experimentId: string, kind: 'backed_up' | 'backup_failed', detail: string): void {
    try {
      this.store.events.add(experimentId, kind, detail);
    } catch {
      // a results file that cannot be written is told by the next answer
    }
  }
}
