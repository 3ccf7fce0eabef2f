/** How a fault wants to be treated beyond its kind: data for the retry loop, the fault history and the gate. */
export interface FaultRule {
  /** Retries at most for one narrative; then its row is an error. Left out = as many as the loop makes. */
  readonly maxRetries?: number;
  /** Retries make sense only where the model may choose other words: at a temperature above 0. */
  readonly onlyIfTemperature?: true;
  /** The connection had gone stale: the next try is made at once and not counted. */
  readonly retryAtOnce?: true;
  /** The model is being loaded: waits count as no attempts, up to this many milliseconds in all. */
  readonly waitUncountedMs?: number;
  /** Least upper bound of the first wait, where the loop's own is too short. */
  readonly baseMs?: number;
  /**
   * The experiment pauses when, with no reply in between, one narrative met this fault in so many `tries`, or the tries
   * of so many `narratives` were used up by it.
   */
  readonly pauseAfter?: { readonly inARow: number; readonly of: 'tries' | 'narratives' };
  /** The experiment pauses when more than this share of its narratives met this fault. */
  readonly pauseAboveShare?: number;
  /** When the retries are used up the experiment pauses: no error row would be the narrative's own. */
  readonly thenPause?: true;
  /** Before the first narrative this means that none can be asked. */
  readonly pauseAtPreflight?: true;
  /** What it says about the number of calls in flight: make it smaller, or do not let it grow. */
  readonly concurrency?: 'cut' | 'hold';
}

/** How long a model may take to be loaded. */
export const MAX_LOADING_MS = 15 * 60_000;

/** The rules that several places give. */
export const RULES = {
  none: {},
  overloaded: { concurrency: 'cut' },
  serverError: { concurrency: 'hold' },
  loading: { waitUncountedMs: MAX_LOADING_MS, baseMs: 5000, concurrency: 'hold' },
  unknownRequestError: { maxRetries: 1, pauseAfter: { inARow: 3, of: 'narratives' } },
  page: { pauseAfter: { inARow: 3, of: 'tries' }, pauseAtPreflight: true },
  filtered: { pauseAboveShare: 0.05 },
} as const satisfies Record<string, FaultRule>;
