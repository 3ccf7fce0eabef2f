/** When the simulated server dies of what it has done, as one that leaks memory does. */
export interface LifespanOptions {
  /** Dies at this call; each life counts anew. @default never */
  calls?: number;
  /** Dies once its prompts together reach so many bytes. @default never */
  promptBytes?: number;
  /** Until it is started again. @default 2000 ms */
  awayMs?: number;
}

const DEFAULT_AWAY_MS = 2000;

export class Lifespan {
  private calls = 0;
  private promptBytes = 0;

  constructor(private readonly options: LifespanOptions) {}

  get awayMs(): number {
    return this.options.awayMs ?? DEFAULT_AWAY_MS;
  }

  /** Counts a call; true = the server dies of it, and the next life begins. */
  isOverWith(promptBytes: number): boolean {
    this.calls += 1;
    this.promptBytes += promptBytes;
    const { calls = Infinity, promptBytes: mostBytes = Infinity } = this.options;
    if (this.calls < calls && this.promptBytes < mostBytes) return false;
    this.calls = 0;
    this.promptBytes = 0;
    return true;
  }
}
