/** Looks at the experiments that are watched, again and again; a file that cannot be read just now is read later. */
import { UNFINISHED_STATUSES, WORKING_STATUSES } from '../../experiment';
import { describeDiskTrouble, diskTroubleOf } from '../../store/disk-trouble';
import type { ExperimentRow } from '../../store/experiments';
import type { Store } from '../../store/open-store';
import { liveOwner } from '../experiment-status';
import { findExperiment } from '../find-experiment';
import { RecentActivity } from './recent-activity';
import { readWatched, type WatchedState } from './watched-experiment';

/** More than the highest window shows. */
const MOST_RESULTS = 100;

export class Watcher {
  private readonly activity: RecentActivity;
  /** Experiments that have been seen at work, in this order. */
  private readonly seen: string[] = [];
  private last: WatchedState | null = null;

  /** Without an id: all that work now or begin to. */
  constructor(
    private readonly store: Store,
    private readonly experimentId: string | undefined,
    private readonly textLength: number,
  ) {
    this.activity = new RecentActivity(store);
  }

  /** The state now, or the last one with the trouble that keeps from reading it. Throws ExperimentNotFoundError. */
  look(): WatchedState {
    try {
      return (this.last = this.read());
    } catch (error) {
      const code = diskTroubleOf(error);
      if (code === null || this.last === null) throw error;
      return { ...this.last, now: new Date(), trouble: `Not read since then: ${describeDiskTrouble(code)}` };
    }
  }

  /** Whether nothing is left to watch; `waitsOutPauses` = what is paused may go on. */
  isOver({ experiments }: WatchedState, waitsOutPauses: boolean): boolean {
    const going = waitsOutPauses ? UNFINISHED_STATUSES : WORKING_STATUSES;
    return experiments.every(({ report }) => !going.includes(report.status));
  }

  private read(): WatchedState {
    const now = new Date();
    const owner = liveOwner(this.store.file);
    return this.store.reporting.inSnapshot(() => {
      this.activity.update(now);
      const rows = this.rows();
      const nResults = rows.length === 1 ? MOST_RESULTS : 0;
      const options = { owner, now, nResults, textLength: this.textLength };
      return {
        experiments: rows.map((row) => readWatched(this.store, row, this.activity, options)),
        now,
        trouble: null,
      };
    });
  }

  private rows(): ExperimentRow[] {
    if (this.experimentId !== undefined) return [findExperiment(this.store, this.experimentId)];
    const working = this.store.experiments.list().filter(({ status }) => WORKING_STATUSES.includes(status));
    for (const { experiment_id: id } of working.reverse()) if (!this.seen.includes(id)) this.seen.push(id);
    if (this.seen.length === 0) this.seen.push(findExperiment(this.store, undefined).experiment_id);
    return this.seen.map((id) => this.store.experiments.get(id)!);
  }
}
