/**
 * Group commit: answers that arrive within a few milliseconds share one durable transaction. A save resolves only
 * after its transaction is on disk. If a group fails, its rows are saved one by one, so that a bad one fails alone.
 */
import type { ResultToSave, Results } from './results';

const FLUSH_AFTER_MS = 2;

interface QueuedResult {
  result: ResultToSave;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class ResultWriter {
  private queue: QueuedResult[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly results: Pick<Results, 'save'>) {}

  /** Resolves when the result is durable; rejects when it could not be stored. */
  save(result: ResultToSave): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ result, resolve, reject });
      this.timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
    });
  }

  /** Saves what is queued now. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const group = this.queue;
    this.queue = [];
    if (group.length === 0) return;
    try {
      this.results.save(group.map(({ result }) => result));
    } catch {
      this.saveOneByOne(group);
      return;
    }
    for (const { resolve } of group) resolve();
  }

  private saveOneByOne(group: readonly QueuedResult[]): void {
    for (const { result, resolve, reject } of group) {
      try {
        this.results.save([result]);
        resolve();
      } catch (error) {
        reject(error);
      }
    }
  }
}
