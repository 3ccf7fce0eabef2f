/** Leaves a server out of an experiment with several, while others answer, and takes it back. */
import type { Store } from '../store/open-store';
import { newFaultHistory, type ExperimentModel, type ModelEndpoint } from './experiment-model';
import { writeIfPossible } from './write-if-possible';

/**
 * Asks a server no more; `reason` is fixed text. `false` = it is the last one that is asked, and stays in line. No effect
 * on one that is left out already.
 */
export function leaveOut(
  store: Store,
  model: ExperimentModel,
  endpoint: ModelEndpoint,
  reason: string,
): boolean {
  if (endpoint.leftOutBecause !== null) return true;
  if (!model.endpoints.some((other) => other !== endpoint && other.leftOutBecause === null)) return false;
  endpoint.leftOutBecause = reason;
  endpoint.triedAtMs = performance.now();
  model.line.shut(endpoint);
  writeIfPossible(() =>
    store.events.add(model.experimentId, 'endpoint_left_out', `${endpoint.origin}: ${reason}`),
  );
  return true;
}

/** Asks a server again that was left out. */
export function takeBack(store: Store, model: ExperimentModel, endpoint: ModelEndpoint): void {
  if (endpoint.leftOutBecause === null) return;
  endpoint.leftOutBecause = null;
  endpoint.faults = newFaultHistory(model, endpoint.apiUrl);
  model.line.open(endpoint);
  writeIfPossible(() =>
    store.events.add(model.experimentId, 'endpoint_back', `${endpoint.origin} is asked again`),
  );
}
