/** When more or fewer calls at once are tried, and how many: soon while that is of use, and more and more seldom when not. */

export type Direction = 'up' | 'down';

/** Replies from one round of tries to the next when they were of no use: doubles up to the most. */
const LEAST_INTERVAL = 300;
const MOST_INTERVAL = 5000;
const STEP_UP = 1.25;
const STEP_DOWN = 0.8;

export class TrySchedule {
  /** Directions that are still to be tried in this round. */
  private round: readonly Direction[] = ['up', 'down'];
  private interval = LEAST_INTERVAL;
  private repliesLeft = 0;

  /** Begins a round of these directions now. */
  begin(round: readonly Direction[]): void {
    this.round = round;
    this.interval = LEAST_INTERVAL;
    this.repliesLeft = 0;
  }

  /** The next try comes after the least interval. */
  waitLong(): void {
    this.repliesLeft = LEAST_INTERVAL;
  }

  /** The next try comes no later than the least interval, and so do those after it. */
  comeSoon(): void {
    this.interval = LEAST_INTERVAL;
    this.repliesLeft = Math.min(this.repliesLeft, LEAST_INTERVAL);
  }

  /** Counts a reply. */
  noteReply(): void {
    this.repliesLeft -= 1;
  }

  /** The try that is due, from a number and with a bound; null = none is due, or there is no room for one. */
  next(from: number, bound: number): { direction: Direction; to: number } | null {
    if (this.repliesLeft > 0) return null;
    while (this.round.length > 0) {
      const direction = this.round[0]!;
      const to = stepFrom(from, direction, bound);
      if (to !== from) return { direction, to };
      this.round = this.round.slice(1);
    }
    this.rest();
    return null;
  }

  /** Takes note of what the try brought: what was of use is tried again, in the same direction first. */
  noteEnd(end: 'useful' | 'useless'): void {
    const [direction = 'up'] = this.round;
    if (end === 'useful') {
      this.begin([direction]);
      return;
    }
    this.round = this.round.slice(1);
    if (this.round.length === 0) this.rest();
  }

  private rest(): void {
    this.round = ['up', 'down'];
    this.repliesLeft = this.interval;
    this.interval = Math.min(2 * this.interval, MOST_INTERVAL);
  }
}

function stepFrom(from: number, direction: Direction, bound: number): number {
  return direction === 'up'
    ? Math.max(from, Math.min(bound, Math.max(from + 1, Math.round(from * STEP_UP))))
    : Math.max(1, Math.min(from - 1, Math.round(from * STEP_DOWN)));
}
