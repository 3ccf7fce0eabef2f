/**
 * Finds how many calls at once a model server is best asked: the fewest beyond which no more is answered per second.
 * Latency says nothing here, because that of a model server grows with every call while it still gains.
 *
 * It doubles from a few while that gains clearly, then tries a quarter more or a fifth fewer now and then, more and more
 * seldom, and keeps what is better. How long it measures follows from how much the replies differ, and a try that is
 * clearly worse ends early. Growth goes slot by slot, one with each reply, so that a server which refuses does so once
 * and not a hundred times. Only replies that came while all slots were in use are measured. Pure: it is told the time.
 */
import { Ceiling } from './concurrency-ceiling';
import { TrySchedule, type Direction } from './concurrency-tries';
import { gainOf, ThroughputWindow, type CountedReply, type Gain, type Throughput } from './throughput-window';

/** What the search is bounded by. */
export interface SearchBounds {
  /** Most calls at once. */
  most: number;
  /** What was found before; null = nothing. */
  remembered: number | null;
}

/** A change of the number of calls at once. `isSettled` = it is what is best as far as is known. */
export interface ConcurrencyChange {
  from: number;
  to: number;
  /** Fixed words and figures. */
  reason: string;
  isSettled: boolean;
}

/** A faulty call that says something about the number of calls at once. */
export interface OverloadSign {
  /** `refused` = too many at once; `timeout`; `trouble` = no reason to ask for more just now. */
  kind: 'refused' | 'timeout' | 'trouble';
  /** How long the server asks to wait; null = it does not say. */
  retryAfterMs: number | null;
  startedAtMs: number;
  atMs: number;
  /** Calls in flight when it came back, itself included. */
  inFlight: number;
}

const START = 4;
/** A doubling that brings less is taken back. */
const GAIN_OF_DOUBLING = 1.1;
/** A doubling that brought so much shows that fewer would be worse. */
const CLEAR_GAIN = 1.6;
/** Times that a doubling is measured anew where luck may have hidden its use. */
const MOST_REPEATS = 2;
const GAIN_OF_MORE = 1.04;
const LOSS_OF_FEWER = 0.98;
/** Standard errors by which a try has to be better or worse to be ended early. */
const CLEAR_ERRORS = 2.5;
/** Otherwise it goes on until the error is as small as this, or so many replies have come. */
const WANTED_ERROR = 0.03;
const MOST_REPLIES = 800;
/** A throughput that changes so much by itself means that the server or its other users changed. */
const DRIFT = 1.25;
const CUT = 0.8;

export class ConcurrencySearch {
  private most: number;
  private target: number;
  private current: number;
  private phase: 'doubling' | 'holding' | Direction;
  /** What the current try is compared with, and goes back to. */
  private best: { concurrency: number; rate: Throughput | null };
  /** How much the last doubling brought. */
  private lastGain = 0;
  private repeats = 0;
  private window = new ThroughputWindow();
  private readonly tries = new TrySchedule();
  private readonly ceiling = new Ceiling();
  private changedAtMs = Number.NEGATIVE_INFINITY;
  private noGrowthUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ most, remembered }: SearchBounds) {
    this.most = most;
    this.target = Math.min(remembered ?? START, most);
    this.current = Math.min(START, this.target);
    this.phase = remembered === null ? 'doubling' : 'holding';
    this.best = { concurrency: this.target, rate: null };
    if (remembered !== null) this.tries.waitLong();
  }

  /** Calls at once that are allowed now; grows slot by slot where more are to be. */
  get allowed(): number {
    return this.current;
  }

  /** Sets another bound; a number above it comes down at once. */
  setMost(most: number): ConcurrencyChange | null {
    this.most = most;
    if (this.target <= most) return null;
    this.hold({ concurrency: most, rate: null });
    return this.move(most, `at most ${most} are configured`, true);
  }

  /** Takes a reply; `isFull` = all slots were in use. */
  noteReply(reply: CountedReply & { isFull: boolean }): ConcurrencyChange | null {
    this.ceiling.noteReply();
    if (!reply.isFull) {
      this.window = new ThroughputWindow();
      return null;
    }
    if (this.current < this.target) {
      if (reply.atMs >= this.noGrowthUntilMs) this.current += 1;
      return null;
    }
    this.window.add(reply);
    const change = this.judge(reply.atMs);
    if (change !== null) this.changedAtMs = reply.atMs;
    return change;
  }

  /** Takes a faulty call. One that began before the last change says nothing about the number since. */
  noteOverload({ kind, startedAtMs, atMs, inFlight, retryAfterMs }: OverloadSign): ConcurrencyChange | null {
    this.noGrowthUntilMs = Math.max(this.noGrowthUntilMs, atMs + (retryAfterMs ?? 0));
    this.window = new ThroughputWindow();
    if (kind === 'trouble' || startedAtMs < this.changedAtMs) return null;
    this.changedAtMs = atMs;
    const reached = Math.min(this.current, inFlight);
    // What was accepted just before is right for a server that counts calls; any other refuses again.
    const isFirst = kind === 'refused' && !this.ceiling.isKnown;
    const fewer = isFirst ? reached - 1 : Math.min(reached - 1, Math.floor(reached * CUT));
    if (kind === 'refused') this.ceiling.set(Math.max(1, reached - 1));
    this.hold({ concurrency: Math.max(1, fewer), rate: null });
    const what = kind === 'refused' ? 'the server refused a call' : 'a call was not answered in time';
    return this.move(this.best.concurrency, `${what} with ${reached} at once`, true);
  }

  private judge(atMs: number): ConcurrencyChange | null {
    const { rate } = this.window;
    if (rate === null) return null;
    if (this.phase === 'holding') return this.judgeHolding(rate, atMs);
    const gain = gainOf(rate, this.best.rate);
    if (!this.isDecided(rate, gain)) return null;
    return this.phase === 'doubling' ? this.judgeDoubling(rate, gain) : this.judgeTry(rate, gain);
  }

  /** Whether the gain is known well enough for what depends on it. */
  private isDecided(rate: Throughput, gain: Gain | null): boolean {
    const { length } = this.window;
    if (this.phase === 'doubling' && gain === null) return length >= this.leastReplies();
    if (length >= this.wantedReplies(rate)) return true;
    if (gain === null || length < Math.max(this.target, 12)) return false;
    const isBetterForSure = gain.factor - CLEAR_ERRORS * gain.error > this.neededGain();
    return isBetterForSure || gain.factor + CLEAR_ERRORS * gain.error < this.neededGain();
  }

  private leastReplies(): number {
    return this.phase === 'doubling' ? Math.max(2 * this.target, 24) : Math.max(4 * this.target, 60);
  }

  private wantedReplies({ spread }: Throughput): number {
    const least = this.leastReplies();
    const most = this.phase === 'doubling' ? 2 * least : Math.max(least, MOST_REPLIES);
    return Math.min(Math.max((spread / WANTED_ERROR) ** 2, least), most);
  }

  private neededGain(): number {
    if (this.phase === 'doubling') return GAIN_OF_DOUBLING;
    return this.phase === 'up' ? GAIN_OF_MORE : LOSS_OF_FEWER;
  }

  private judgeDoubling(rate: Throughput, gain: Gain | null): ConcurrencyChange {
    if (gain !== null && gain.factor < this.neededGain()) return this.endDoubling(rate, gain);
    this.lastGain = gain?.factor ?? this.lastGain;
    this.best = { concurrency: this.target, rate };
    const to = Math.min(2 * this.target, this.bound());
    if (to > this.target) return this.move(to, `${describe(rate)} with ${this.target}`, false);
    this.hold(this.best);
    return this.keep(rate);
  }

  /** Goes back to the number before; measures it anew where luck may have hidden what the doubling brings. */
  private endDoubling(rate: Throughput, gain: Gain): ConcurrencyChange {
    const isClear = gain.factor + 2 * gain.error < CLEAR_GAIN;
    if (isClear || this.repeats >= MOST_REPEATS) return this.goBack(rate, gain);
    this.repeats += 1;
    this.best = { ...this.best, rate: null };
    return this.move(
      this.best.concurrency,
      `${describe(rate)} with ${this.target}, measured once more`,
      false,
    );
  }

  private judgeHolding(rate: Throughput, atMs: number): ConcurrencyChange | null {
    this.tries.noteReply();
    if (this.window.length < this.wantedReplies(rate)) return null;
    const drift = gainOf(rate, this.best.rate)?.factor ?? 1;
    if (drift > DRIFT || drift < 1 / DRIFT) this.tries.comeSoon();
    this.best = { concurrency: this.target, rate };
    this.window = new ThroughputWindow();
    if (atMs < this.noGrowthUntilMs) return null;
    const tried = this.tries.next(this.target, this.bound());
    if (tried === null) return null;
    this.phase = tried.direction;
    const what = tried.direction === 'up' ? 'more' : 'fewer';
    return this.move(tried.to, `trying ${what} than ${this.target}`, false);
  }

  private judgeTry(rate: Throughput, gain: Gain | null): ConcurrencyChange {
    if (gain !== null && gain.factor < this.neededGain()) {
      this.tries.noteEnd('useless');
      return this.goBack(rate, gain);
    }
    this.tries.noteEnd('useful');
    this.hold({ concurrency: this.target, rate });
    return this.keep(rate);
  }

  private goBack(rate: Throughput, gain: Gain): ConcurrencyChange {
    const reason = `${describe(rate)} with ${this.target}, ${Math.round(gain.factor * 100)} % of before`;
    this.hold(this.best);
    return this.move(this.best.concurrency, reason, true);
  }

  private hold(best: { concurrency: number; rate: Throughput | null }): void {
    if (this.phase === 'doubling') this.tries.begin(this.lastGain >= CLEAR_GAIN ? ['up'] : ['down', 'up']);
    this.phase = 'holding';
    this.best = best;
  }

  private bound(): number {
    return Math.min(this.most, this.ceiling.concurrency);
  }

  private keep(rate: Throughput): ConcurrencyChange {
    this.window = new ThroughputWindow();
    return { from: this.target, to: this.target, reason: `kept, ${describe(rate)}`, isSettled: true };
  }

  /** Fewer at once takes effect as calls end, more slot by slot. */
  private move(to: number, reason: string, isSettled: boolean): ConcurrencyChange {
    const from = this.target;
    this.target = to;
    this.current = Math.min(this.current, to);
    this.window = new ThroughputWindow(this.phase === 'doubling' ? 0 : from);
    return { from, to, reason, isSettled };
  }
}

function describe({ perSecond, unit }: Throughput): string {
  return `${perSecond >= 100 ? Math.round(perSecond) : perSecond.toPrecision(3)} ${unit}`;
}
