/**
 * The calls of one experiment that wait for a slot, at whichever of its model servers has one first: the oldest batch
 * goes first, and of several servers with free slots the least busy is asked. A call that waits for its turn can be
 * stopped; one that runs goes on to its end.
 */
import type { CallSlots, SlotUser } from './call-slots';
import { WaitingLine } from './waiting-line';

/** A model server that a line may be served by. */
export interface SlotPlace {
  readonly slots: CallSlots;
}

/** A call that waits. */
export interface CallTurn {
  /** Names the narrative to the gates. */
  key: string;
  /** The lowest goes first, first come first served within it. */
  order: number;
  /** Aborted = it is not to begin any more. */
  stop: AbortSignal;
  /** Called as soon as it has its slot, before any other slot is given: whoever is put in line by it keeps the order. */
  onTurn?: () => void;
}

interface Waiter<Place> extends CallTurn {
  start: (place: Place) => void;
  reject: (reason: Error) => void;
}

/** The one listener on a signal that several waiters share. */
interface Watch {
  waiters: number;
  listener: () => void;
}

export class CallLine<Place extends SlotPlace> implements SlotUser {
  private readonly places = new Map<CallSlots, Place>();
  private readonly running = new Map<CallSlots, number>();
  private readonly line = new WaitingLine<Waiter<Place>>();
  private readonly watches = new Map<AbortSignal, Watch>();
  private mostAtOnePlace = Infinity;

  get waiting(): number {
    return this.line.length;
  }

  /** Most calls of this line at once at each place. */
  setMostAtOnePlace(most: number): void {
    this.mostAtOnePlace = most;
    this.fillLeastBusy();
  }

  /** May be served there from now on. */
  open(place: Place): void {
    this.places.set(place.slots, place);
    place.slots.serve(this);
  }

  /** Is not served there any more; running calls go on. */
  shut(place: Place): void {
    this.places.delete(place.slots);
    place.slots.dismiss(this);
  }

  /**
   * Runs the task when its turn comes, with the place that has a slot for it. Gives what the task gives; throws the
   * reason of `stop` when that aborts before the task has begun.
   */
  async run<T>(turn: CallTurn, task: (place: Place) => Promise<T>): Promise<T> {
    turn.stop.throwIfAborted();
    const place = await new Promise<Place>((start, reject) => {
      this.line.push(turn.order, { ...turn, start, reject });
      this.watch(turn.stop);
      this.fillLeastBusy();
    });
    try {
      turn.stop.throwIfAborted();
      return await task(place);
    } finally {
      this.running.set(place.slots, this.running.get(place.slots)! - 1);
      place.slots.release();
    }
  }

  /** Called by the slots when one is free. */
  admit(slots: CallSlots, mayGo: (key: string) => boolean): boolean {
    const place = this.places.get(slots);
    const running = this.running.get(slots) ?? 0;
    if (place === undefined || running >= this.mostAtOnePlace) return false;
    const waiter = this.line.takeFirst(({ key }) => mayGo(key));
    if (waiter === undefined) return false;
    this.unwatch(waiter.stop);
    this.running.set(slots, running + 1);
    slots.take();
    waiter.start(place);
    waiter.onTurn?.();
    return true;
  }

  private fillLeastBusy(): void {
    if (this.places.size === 1) {
      for (const slots of this.places.keys()) slots.fill();
      return;
    }
    for (const slots of [...this.places.keys()].sort((a, b) => a.load - b.load)) slots.fill();
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
