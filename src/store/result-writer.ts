/**
 * Group commit: answers that arrive within a few milliseconds share one durable transaction. A save resolves only
 * after its transaction is on disk. If a group fails, its rows are saved one by one, so that a bad one fails alone. If
 * the disk cannot take them they stay in memory and are saved when it can: what was answered is not asked again.
 */
import { describeDiskTrouble, diskTroubleOf } from './disk-trouble';
import type { ResultToSave, Results } from './results';

/** How long an answer waits for others where they follow each other closely. */
const FLUSH_AFTER_MS = 2;
/** Commits may follow each other this slowly without taking much of the time: an answer is then written at once. */
const QUIET_MS = 20;
const TRY_AGAIN_AFTER_MS = 1000;

interface QueuedResult {
  result: ResultToSave;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class ResultWriter {
  private queue: QueuedResult[] = [];
  private isFlushDue = false;
  private flushedAtMs = Number.NEGATIVE_INFINITY;
  private trouble: string | null = null;

  /** `onTrouble` is told when the disk cannot take answers, and with null when it can again. */
  constructor(
    private readonly results: Pick<Results, 'save'>,
    private readonly onTrouble: (trouble: string | null) => void = () => {},
    /** Told of each commit once it is durable, and how long it took, fsync included; it must not throw. */
    private readonly onCommit: (results: readonly ResultToSave[], tookMs: number) => void = () => {},
  ) {}

  /** Results that are in memory only. */
  get unsaved(): number {
    return this.queue.length;
  }

  /** Resolves when the result is durable; rejects when it can never be stored. */
  save(result: ResultToSave): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ result, resolve, reject });
      this.flushAfter(performance.now() - this.flushedAtMs < QUIET_MS ? FLUSH_AFTER_MS : 0);
    });
  }

  /** 0 = once all that has arrived by now is in the queue. */
  private flushAfter(ms: number): void {
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    if (ms === 0) setImmediate(() => this.flush());
    else setTimeout(() => this.flush(), ms);
  }

  private flush(): void {
    this.isFlushDue = false;
    const group = this.queue;
    this.queue = [];
    const startedMs = performance.now();
    try {
      this.results.save(group.map(({ result }) => result));
    } catch (error) {
      if (diskTroubleOf(error) === null) this.saveOneByOne(group);
      else this.keep(group, error);
      return;
    }
    this.tell(null);
    this.settle(group, startedMs);
  }

  private settle(group: readonly QueuedResult[], startedMs: number): void {
    this.flushedAtMs = performance.now();
    const tookMs = this.flushedAtMs - startedMs;
    for (const { resolve } of group) resolve();
    const saved = group.map(({ result }) => result);
    this.onCommit(saved, tookMs);
  }

  private saveOneByOne(group: readonly QueuedResult[]): void {
    for (const [index, queued] of group.entries()) {
      const startedMs = performance.now();
      try {
        this.results.save([queued.result]);
      } catch (error) {
        if (diskTroubleOf(error) !== null) return this.keep(group.slice(index), error);
        queued.reject(error);
        continue;
      }
      this.settle([queued], startedMs);
    }
  }

  private keep(group: readonly QueuedResult[], error: unknown): void {
    this.queue = [...group, ...this.queue];
    this.tell(describeDiskTrouble(diskTroubleOf(error)!));
    this.flushAfter(TRY_AGAIN_AFTER_MS);
  }

  private tell(trouble: string | null): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.onTrouble(trouble);
  }
}
