/** Brings labels, flags and metric columns of an experiment up to date with its answers and the labels of its dataset. */
import { score } from '../metrics/score';
import type { Store } from '../store/open-store';

/** Call it inside the transaction that changed answers or labels. */
export function refreshMetrics(store: Store, experimentId: string): void {
  const confusion = store.completion.refreshFlags(experimentId);
  store.completion.saveMetrics(experimentId, confusion, score(confusion));
}
