/** Shows in an experiment's row that it waits for its model servers, and that it goes on. */
import type { GateState } from '../llm/gate';
import type { Store } from '../store/open-store';
import type { ExperimentModel } from './experiment-model';

/** The server whose gate changed, and how it stands now. */
export interface GateNews {
  origin: string;
  state: GateState;
}

/**
 * Sets `waiting_llm` with what is known when no server of the experiment answers, or `running` again; an experiment in
 * another state is left as it is. Of several servers, one that goes or comes back is an event.
 */
export function tellWaiting(store: Store, model: ExperimentModel, { origin, state }: GateNews): void {
  const { experimentId } = model;
  const status = store.experiments.get(experimentId)?.status;
  if (status !== 'running' && status !== 'waiting_llm') return;
  const othersAnswer = model.endpoints.some(
    (other) => other.origin !== origin && other.leftOutBecause === null && other.shared.gate.state.isOpen,
  );
  if (othersAnswer) return tellOneOfSeveral(store, experimentId, { origin, state });
  if (state.isOpen) {
    if (status === 'running') return;
    store.inTransaction(() => {
      store.experiments.setStatus(experimentId, 'running', null);
      store.events.add(experimentId, 'went_on', `the model server ${origin} answers again`);
    });
    return;
  }
  const reason =
    `the model server ${origin} has not answered since ${state.closedAt} (${state.lastError})` +
    (state.nextProbeAt === null ? '; trying now' : `; next try at ${state.nextProbeAt}`);
  store.inTransaction(() => {
    store.experiments.setStatus(experimentId, 'waiting_llm', reason);
    if (status === 'running')
      store.events.add(experimentId, 'waiting', `the model server ${origin}: ${state.lastError}`);
  });
}

/** A gate tells of each probe, too: only its closing and its opening are news. */
function tellOneOfSeveral(store: Store, experimentId: string, { origin, state }: GateNews): void {
  const known = store.endpoints.list(experimentId).find(({ endpoint }) => endpoint === origin);
  const wasClosed = known?.health === 'closed';
  if (state.isOpen !== wasClosed) return;
  store.inTransaction(() => {
    store.endpoints.setState(experimentId, {
      endpoint: origin,
      concurrency: known?.concurrency ?? 0,
      in_flight: 0,
      health: state.isOpen ? 'open' : 'closed',
      reason: state.lastError,
    });
    if (state.isOpen) store.events.add(experimentId, 'endpoint_back', `${origin} answers again`);
    else store.events.add(experimentId, 'endpoint_left_out', `${origin}: ${state.lastError}`);
  });
}
