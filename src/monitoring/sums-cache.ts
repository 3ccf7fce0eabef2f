/** Sums over all results of an experiment, read again only so often that reading takes little of the worker's time. */
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import type { ErrorCount, ResultStatistics } from '../store/result-statistics';

/** Reading takes at most one part in so many of the time. */
const REST_FACTOR = 100;

/** What is summed. */
export interface Sums {
  statistics: ResultStatistics;
  errors: ErrorCount[];
}

export class SumsCache {
  private readonly known = new Map<string, { sums: Sums; counts: string; staleAtMs: number }>();

  constructor(
    private readonly store: Pick<Store, 'statistics'>,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** The sums; as old as a hundred times what reading them took, where results have been added since. */
  of({
    experiment_id: experimentId,
    n_narratives_completed: nCompleted,
    n_errors: nErrors,
  }: ExperimentRow): Sums {
    const counts = `${nCompleted} ${nErrors}`;
    const startedMs = this.monotonicMs();
    const known = this.known.get(experimentId);
    if (known !== undefined && (known.counts === counts || startedMs < known.staleAtMs)) return known.sums;
    const { statistics } = this.store;
    const sums = {
      statistics: statistics.summarize(experimentId),
      errors: statistics.countErrors(experimentId),
    };
    const endedMs = this.monotonicMs();
    const staleAtMs = endedMs + REST_FACTOR * (endedMs - startedMs);
    this.known.set(experimentId, { sums, counts, staleAtMs });
    return sums;
  }
}
