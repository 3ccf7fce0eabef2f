/**
 * Narratives that may have brought the model server down: those in flight when it went. Once it is back they are asked
 * alone, one at a time; one whose call alone ends badly twice is condemned, so that it cannot stop all others for ever.
 */

/** Bad ends alone after which a narrative is set aside. */
const STRIKES = 2;

export class Suspects {
  /** Bad ends alone, by narrative, in the order in which they came under suspicion. */
  private readonly strikes = new Map<string, number>();

  get isEmpty(): boolean {
    return this.strikes.size === 0;
  }

  has(key: string): boolean {
    return this.strikes.has(key);
  }

  /** Puts a narrative under suspicion; no effect on one that is. */
  add(key: string): void {
    if (!this.strikes.has(key)) this.strikes.set(key, 0);
  }

  /** Counts a bad end alone; `true` = it is condemned, and no suspect any more. */
  strike(key: string): boolean {
    const strikes = (this.strikes.get(key) ?? 0) + 1;
    this.strikes.set(key, strikes);
    if (strikes < STRIKES) return false;
    this.clear(key);
    return true;
  }

  /** Clears a narrative of suspicion. */
  clear(key: string): void {
    this.strikes.delete(key);
  }
}
