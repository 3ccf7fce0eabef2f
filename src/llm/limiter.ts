/**
 * Lets at most so many calls fly at once to one endpoint and serves the oldest batch first. A task that waits for its
 * turn can be stopped; one that runs goes on to its end.
 */
import { WaitingLine } from './waiting-line';

interface Waiter {
  start: () => void;
  reject: (reason: Error) => void;
  stop: AbortSignal;
}

/** The one listener on a signal that several waiters share. */
interface Watch {
  waiters: number;
  listener: () => void;
}

export class CallLimiter {
  private running = 0;
  private readonly line = new WaitingLine<Waiter>();
  private readonly watches = new Map<AbortSignal, Watch>();

  constructor(private concurrency: number) {}

  get inFlight(): number {
    return this.running;
  }

  get waiting(): number {
    return this.line.length;
  }

  /** Most tasks at once from now on; running ones are never cut short. */
  setConcurrency(concurrency: number): void {
    this.concurrency = concurrency;
    this.dispatch();
  }

  /**
   * Runs the task when its turn comes: lowest `order` first, first come first served within it. Gives what the task
   * gives; throws the reason of `stop` when that aborts before the task has begun.
   */
  async run<T>(order: number, task: () => Promise<T>, stop: AbortSignal): Promise<T> {
    stop.throwIfAborted();
    await new Promise<void>((start, reject) => {
      this.line.push(order, { start, reject, stop });
      this.watch(stop);
      this.dispatch();
    });
    try {
      stop.throwIfAborted();
      return await task();
    } finally {
      this.running -= 1;
      this.dispatch();
    }
  }

  private dispatch(): void {
    while (this.running < this.concurrency) {
      const waiter = this.line.shift();
      if (waiter === undefined) return;
      this.unwatch(waiter.stop);
      this.running += 1;
      waiter.start();
    }
  }

  private watch(stop: AbortSignal): void {
    const known = this.watches.get(stop);
    if (known !== undefined) {
      known.waiters += 1;
      return;
    }
    const listener = () => this.stopAll(stop);
    stop.addEventListener('abort', listener, { once: true });
    this.watches.set(stop, { waiters: 1, listener });
  }

  private unwatch(stop: AbortSignal): void {
    const watch = this.watches.get(stop);
    if (watch === undefined) return;
    watch.waiters -= 1;
    if (watch.waiters > 0) return;
    stop.removeEventListener('abort', watch.listener);
    this.watches.delete(stop);
  }

  private stopAll(stop: AbortSignal): void {
    this.watches.delete(stop);
    for (const waiter of this.line.takeAll((one) => one.stop === stop)) waiter.reject(stop.reason as Error);
  }
}
