/**
 * The slots of one model server: so many calls fly at once. Each experiment has a line of its own (call-line.ts), and the
 * lines are served in turn, so that a long one does not keep the others from the server.
 */

/** Decides whether a narrative may be asked now, and takes note that it is; a Gate is one. */
export interface SlotGate {
  /** Whether nobody may be asked now. */
  readonly isShut: boolean;
  tryEnter(key: string): boolean;
}

/** Those who wait for slots; a CallLine is one. */
export interface SlotUser {
  /** Starts the first who waits and `mayGo`, in a slot of these; `false` = there is none. */
  admit(slots: CallSlots, mayGo: (key: string) => boolean): boolean;
}

export class CallSlots {
  private running = 0;
  private isFilling = false;
  private readonly lines: SlotUser[] = [];

  constructor(
    private concurrency: number,
    private readonly gate: SlotGate,
  ) {}

  /** Calls that hold a slot. */
  get inFlight(): number {
    return this.running;
  }

  /** Calls that may hold one. */
  get allowed(): number {
    return this.concurrency;
  }

  /** How busy it is: 1 = all slots are in use. */
  get load(): number {
    return this.running / this.concurrency;
  }

  /** Most calls at once from now on; running ones are never cut short. */
  setAllowed(concurrency: number): void {
    this.concurrency = concurrency;
    this.fill();
  }

  /** Serves this line, too, from now on. */
  serve(line: SlotUser): void {
    if (!this.lines.includes(line)) this.lines.push(line);
    this.fill();
  }

  /** Serves this line no more; its running calls go on. */
  dismiss(line: SlotUser): void {
    const index = this.lines.indexOf(line);
    if (index !== -1) this.lines.splice(index, 1);
  }

  /** Gives free slots to those who wait and may go; who joins a line meanwhile is served, too. */
  fill(): void {
    if (this.isFilling) return;
    this.isFilling = true;
    try {
      while (this.running < this.concurrency && !this.gate.isShut && this.giveOne());
    } finally {
      this.isFilling = false;
    }
  }

  /** Counts a slot as taken; called by the line that is about to start a call in it. */
  take(): void {
    this.running += 1;
  }

  /** Takes a slot back. */
  release(): void {
    this.running -= 1;
    this.fill();
  }

  /** The line that was served goes to the end of the row. */
  private giveOne(): boolean {
    for (const [index, line] of this.lines.entries()) {
      if (!line.admit(this, (key) => this.gate.tryEnter(key))) continue;
      this.lines.splice(index, 1);
      this.lines.push(line);
      return true;
    }
    return false;
  }
}
