/** Keeps what a live view knows of the last hour from one look to the next, so that no look reads it all again. */
import { RecentPace } from '../../metrics/recent-pace';
import type { Store } from '../../store/open-store';
import type { WatchedExperiment } from './watched-experiment';

const HOUR_MS = 3_600_000;
/** Sums over all results are read again only after this many times what reading them took. */
const REST_PER_READING = 20;

interface KnownTokens {
  tokens: WatchedExperiment['tokens'];
  readAgainAtMs: number;
}

export class RecentActivity {
  private readonly paces = new Map<string, RecentPace>();
  private readonly tokens = new Map<string, KnownTokens>();
  /** 0 = no look yet; attempts are numbered from 1. */
  private lastAttemptId = 0;

  constructor(private readonly store: Store) {}

  /** Takes in what has been saved since the last look. */
  update(now: Date): void {
    const attempts = this.store.recentWork.attemptsAfter(this.lastAttemptId, now.getTime() - HOUR_MS);
    this.lastAttemptId = attempts[0]?.attempt_id ?? this.lastAttemptId;
    for (const attempt of attempts) this.paceOf(attempt.experiment_id).add(attempt.ended_at_ms);
  }

  /** The pace of an experiment. */
  paceOf(experimentId: string): RecentPace {
    const known = this.paces.get(experimentId) ?? new RecentPace();
    this.paces.set(experimentId, known);
    return known;
  }

  /** Tokens of an experiment so far; a large one's may be a few seconds old. */
  tokensOf(experimentId: string): WatchedExperiment['tokens'] {
    const known = this.tokens.get(experimentId);
    const beganAtMs = performance.now();
    if (known !== undefined && beganAtMs < known.readAgainAtMs) return known.tokens;
    const { nTokens, nResults } = this.store.recentWork.sumTokens(experimentId);
    const tookMs = performance.now() - beganAtMs;
    const tokens = nResults === 0 ? null : { total: nTokens, perResult: nTokens / nResults };
    this.tokens.set(experimentId, {
      tokens,
      readAgainAtMs: beganAtMs + tookMs * (1 + REST_PER_READING),
    });
    return tokens;
  }
}
