/** A model server computed in made-up time, asked by a search for the number of calls at once. */
import { randomLogNormal } from 'd3-random';
import { Random } from '../answer/random';
import type { ConcurrencyChange, ConcurrencySearch } from '../../src/llm/concurrency-search';

/** What the server is like; left out = without that limit. */
export interface ServerShape {
  /** Throughput grows up to so many calls at once and falls beyond. */
  peaksAt?: number;
  /** Answers computed at once; others wait. */
  slots?: number;
  /** Calls beyond so many at once are refused. */
  refusesBeyond?: number;
  /** Spread of the lognormal latencies of mean 500 ms. */
  sigma?: number;
  seed?: number;
}

const MEAN_MS = 500;
const REFUSED_AFTER_MS = 2;

interface Call {
  startedAtMs: number;
  endsAtMs: number;
  isRefused: boolean;
}

/** What became of a run. */
export class Run {
  readonly changes: (ConcurrencyChange & { calls: number })[] = [];
  refused = 0;
  /** Calls at once that were allowed at each reply, and when it came. */
  readonly replies: { atMs: number; allowed: number }[] = [];

  constructor(
    private readonly rateWith: (atOnce: number) => number,
    private readonly peak: number,
  ) {}

  /** Replies before the number allowed was first one that brings this share of the peak rate. */
  callsUntil(share: number): number {
    return this.replies.findIndex(({ allowed }) => this.rateWith(allowed) >= share * this.peak);
  }

  /** Replies per second after the first so many, as a share of the peak rate. */
  shareOfPeakAfter(calls: number): number {
    const later = this.replies.slice(calls);
    const seconds = (later.at(-1)!.atMs - later[0]!.atMs) / 1000;
    return (later.length - 1) / seconds / this.peak;
  }
}

export class ModelServerInMadeUpTime {
  private nowMs = 0;
  private readonly inFlight: Call[] = [];
  private readonly latency: () => number;

  constructor(private readonly shape: ServerShape) {
    const sigma = shape.sigma ?? 0;
    const random = new Random(shape.seed ?? 1);
    this.latency =
      sigma === 0
        ? () => MEAN_MS
        : randomLogNormal.source(() => random.fraction())(Math.log(MEAN_MS) - sigma ** 2 / 2, sigma);
  }

  /** Asks until so many replies have come, always with as many calls at once as the search allows. */
  run(search: ConcurrencySearch, replies: number): Run {
    const most = 256;
    const rates = Array.from({ length: most }, (_, index) => this.rateWith(index + 1));
    const run = new Run((atOnce) => this.rateWith(atOnce), Math.max(...rates));
    const slotsFree: number[] = [];
    while (run.replies.length < replies) {
      while (this.inFlight.length < search.allowed) this.send(slotsFree);
      const call = this.takeNext();
      this.nowMs = call.endsAtMs;
      const facts = { atMs: this.nowMs, inFlight: this.inFlight.length + 1 };
      const change = call.isRefused
        ? search.noteOverload({
            kind: 'refused',
            retryAfterMs: null,
            startedAtMs: call.startedAtMs,
            ...facts,
          })
        : search.noteReply({
            tokens: 20,
            tookMs: this.nowMs - call.startedAtMs,
            atMs: this.nowMs,
            isFull: facts.inFlight >= search.allowed,
          });
      if (change !== null) run.changes.push({ ...change, calls: run.replies.length });
      if (call.isRefused) run.refused += 1;
      else run.replies.push({ atMs: this.nowMs, allowed: search.allowed });
    }
    return run;
  }

  /** Replies per second with so many calls at once. */
  private rateWith(atOnce: number): number {
    const { peaksAt, slots = Infinity, refusesBeyond = Infinity } = this.shape;
    if (atOnce > refusesBeyond) return 0;
    const slowdown = peaksAt === undefined ? 1 : Math.max(1, (atOnce / peaksAt) ** 2);
    return (Math.min(atOnce, slots) / slowdown / MEAN_MS) * 1000;
  }

  private send(slotsFree: number[]): void {
    const { peaksAt, slots = Infinity, refusesBeyond = Infinity } = this.shape;
    const atOnce = this.inFlight.filter(({ isRefused }) => !isRefused).length + 1;
    const startedAtMs = this.nowMs;
    if (atOnce > refusesBeyond) {
      this.inFlight.push({ startedAtMs, endsAtMs: this.nowMs + REFUSED_AFTER_MS, isRefused: true });
      return;
    }
    const slowdown = peaksAt === undefined ? 1 : Math.max(1, (atOnce / peaksAt) ** 2);
    const begins =
      slotsFree.length < slots ? this.nowMs : Math.max(this.nowMs, slotsFree.sort((a, b) => a - b).shift()!);
    const endsAtMs = begins + this.latency() * slowdown;
    if (slots < Infinity) slotsFree.push(endsAtMs);
    this.inFlight.push({ startedAtMs, endsAtMs, isRefused: false });
  }

  private takeNext(): Call {
    let first = 0;
    this.inFlight.forEach((call, index) => {
      if (call.endsAtMs < this.inFlight[first]!.endsAtMs) first = index;
    });
    return this.inFlight.splice(first, 1)[0]!;
  }
}
