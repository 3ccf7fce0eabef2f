/** What the activities work with: one set for the life of a worker process. */
import type { ResultWriter } from '../store/result-writer';
import type { Store } from '../store/open-store';
import type { AttributeRhythm } from './attribute-rhythm';
import type { ModelAccess } from './model-access';
import type { PeriodicBackups } from './periodic-backups';
import type { WorkObserver } from './work-event';

export interface ActivityDependencies {
  store: Store;
  writer: ResultWriter;
  models: ModelAccess;
  backups: PeriodicBackups;
  /** When Temporal's list of workflows is told anew how an experiment stands. */
  attributes: AttributeRhythm;
  /** Told of the work as it goes. */
  observe: WorkObserver;
  /** Narratives being asked by this process, as `experiment/narrative`: a second attempt of a batch skips them. */
  inFlight: Set<string>;
  /** Aborted when this process is told to stop: no new call is made. */
  stopping: AbortSignal;
  /** `false` = the results file is not where it was opened; `stopping` is then aborted. */
  isFileInPlace: () => boolean;
}
