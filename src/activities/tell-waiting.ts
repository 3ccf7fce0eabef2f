/** Shows in an experiment's row that it waits for its model server, and that it goes on. */
import type { GateState } from '../llm/gate';
import type { Store } from '../store/open-store';

/** Sets `waiting_llm` with what is known, or `running` again; an experiment in another state is left as it is. */
export function tellWaiting(store: Store, experimentId: string, origin: string, state: GateState): void {
  const status = store.experiments.get(experimentId)?.status;
  if (status !== 'running' && status !== 'waiting_llm') return;
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
