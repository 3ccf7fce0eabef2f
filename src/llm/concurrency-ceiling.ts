/** The number of calls at once beyond which a server refused one: not tried again for long, and longer each time. */

/** Replies for which it holds at first. */
const LEAST_REPLIES = 2000;

export class Ceiling {
  private known: number | null = null;
  private lastsReplies = LEAST_REPLIES / 2;
  private repliesLeft = 0;

  /** Whether a server refused lately. */
  get isKnown(): boolean {
    return this.known !== null;
  }

  /** Most calls at once; Infinity = no refusal is known. */
  get concurrency(): number {
    return this.known ?? Infinity;
  }

  /** Sets it after a refusal. */
  set(concurrency: number): void {
    this.known = concurrency;
    this.lastsReplies *= 2;
    this.repliesLeft = this.lastsReplies;
  }

  /** Counts a reply. */
  noteReply(): void {
    if (this.known === null) return;
    this.repliesLeft -= 1;
    if (this.repliesLeft <= 0) this.known = null;
  }
}
