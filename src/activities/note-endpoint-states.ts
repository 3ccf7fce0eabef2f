/** Notes how the servers of an experiment stand, for those who look from outside. */
import type { EndpointHealth } from '../store/endpoints';
import type { Store } from '../store/open-store';
import type { ExperimentModel, ModelEndpoint } from './experiment-model';

/** Writes down all of them in one transaction. */
export function noteEndpointStates(store: Store, model: ExperimentModel): void {
  store.inTransaction(() => {
    for (const endpoint of model.endpoints) {
      const { health, reason } = healthOf(endpoint);
      store.endpoints.setState(model.experimentId, {
        endpoint: endpoint.origin,
        concurrency: endpoint.slots.allowed,
        in_flight: endpoint.slots.inFlight,
        health,
        reason,
      });
    }
  });
}

function healthOf({ leftOutBecause, shared }: ModelEndpoint): {
  health: EndpointHealth;
  reason: string | null;
} {
  if (leftOutBecause !== null) return { health: 'left_out', reason: leftOutBecause };
  const { isOpen, lastError } = shared.gate.state;
  return { health: isOpen ? 'open' : 'closed', reason: lastError };
}
