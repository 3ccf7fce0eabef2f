/**
 * How much the simulated server does at once: so many slots, a queue before them, a refusal beyond it, a slow-down with
 * load, and a model that is unloaded when nothing was asked for a while. It knows no HTTP.
 */
import { slowdownOf, type LoadCurve } from './load-curve';

/** The limits of a simulated server. */
export interface CapacityOptions {
  /** Answers computed at once. @default no limit */
  slots?: number;
  /** Calls that may wait for a slot. @default no limit */
  queue?: number;
  /** @default none */
  load?: LoadCurve;
  /** The model is unloaded after so long without a call; null = never. @default null */
  unloadAfterMs?: number | null;
  /** What the first call after that waits longer, and every other one that comes meanwhile. @default 0 */
  loadMs?: number;
}

/** The place of one call. */
export interface Seat {
  /** Resolves with the slow-down that applies to its answer, once it has a slot; never, if it leaves before. */
  readonly slot: Promise<number>;
  /** How long the model still loads for it. */
  readonly loadMs: number;
  /** Gives the slot, or the place in the queue, to the next. */
  leave(): void;
}

/** A call between its arrival and its end. */
interface Guest {
  isAlone: boolean;
  hasBegun: boolean;
  begin: (slowdown: number) => void;
}

export class Capacity {
  private readonly waiting: Guest[] = [];
  private readonly computing = new Set<Guest>();
  private loadedAtMs = Number.NEGATIVE_INFINITY;
  private idleSinceMs: number | null = null;

  constructor(
    private readonly options: CapacityOptions,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Whether a further call would be refused: no slot is free and the queue is full. */
  get isFull(): boolean {
    const { slots = Infinity, queue = Infinity } = this.options;
    return this.computing.size >= slots && this.waiting.length >= queue;
  }

  /** Takes a seat, also where none is free by `isFull`. `isAlone` = it is computed with no other beside it. */
  enter(isAlone = false): Seat {
    const loadMs = this.load();
    const guest: Guest = { isAlone, hasBegun: false, begin: () => undefined };
    const slot = new Promise<number>((resolve) => (guest.begin = resolve));
    this.waiting.push(guest);
    this.admit();
    return { slot, loadMs, leave: once(() => this.release(guest)) };
  }

  /** First come, first served: one that must be alone holds up those behind it. */
  private admit(): void {
    const { slots = Infinity, load = { kind: 'none' } } = this.options;
    for (;;) {
      const [next] = this.waiting;
      const [first] = this.computing;
      const mostAtOnce = next?.isAlone || first?.isAlone ? 1 : slots;
      if (next === undefined || this.computing.size >= mostAtOnce) return;
      this.waiting.shift();
      this.computing.add(next);
      next.hasBegun = true;
      next.begin(slowdownOf(load, this.computing.size));
    }
  }

  private release(guest: Guest): void {
    if (guest.hasBegun) this.computing.delete(guest);
    else this.waiting.splice(this.waiting.indexOf(guest), 1);
    if (this.computing.size + this.waiting.length === 0) this.idleSinceMs = this.nowMs();
    this.admit();
  }

  /** Starts loading the model where it is not in memory; gives how long that still takes. */
  private load(): number {
    const { unloadAfterMs = null, loadMs = 0 } = this.options;
    if (unloadAfterMs === null) return 0;
    const now = this.nowMs();
    const isUnloaded =
      this.computing.size + this.waiting.length === 0 &&
      (this.idleSinceMs === null || now - this.idleSinceMs >= unloadAfterMs);
    if (isUnloaded) this.loadedAtMs = now + loadMs;
    return Math.max(0, this.loadedAtMs - now);
  }
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
