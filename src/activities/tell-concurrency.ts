/** Records that a server is asked more or fewer calls at once, and keeps what was found for the next time. */
import type { ConcurrencyChange } from '../llm/concurrency-search';
import type { Store } from '../store/open-store';

/** Where the number changed, for which model, and how. */
export interface ConcurrencyNews {
  origin: string;
  modelName: string;
  change: ConcurrencyChange;
}

/** Adds the event; what is settled is remembered for server and model. */
export function tellConcurrency(
  store: Store,
  experimentId: string,
  { origin, modelName, change }: ConcurrencyNews,
): void {
  const { from, to, reason, isSettled } = change;
  store.inTransaction(() => {
    const what = from === to ? `${to}` : `${from} -> ${to}`;
    store.events.add(experimentId, 'concurrency_changed', `${origin}: ${what} (${reason})`);
    if (isSettled) store.endpoints.setFoundConcurrency(origin, modelName, to);
  });
}
