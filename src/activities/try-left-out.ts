/** Tries servers again that were left out, now and then, while the experiment goes on with the others. */
import type { Store } from '../store/open-store';
import { checkEndpoint } from './check-endpoint';
import type { ExperimentModel, ModelEndpoint } from './experiment-model';
import { takeBack } from './leave-out';

const TRY_EVERY_MS = 60_000;

/** Checks those that were not tried for a minute, and takes back the ones that are fit. To be called often. */
export function tryLeftOut(store: Store, model: ExperimentModel, stop: AbortSignal): void {
  const nowMs = performance.now();
  for (const endpoint of model.endpoints) {
    if (endpoint.leftOutBecause === null) endpoint.triedAtMs = nowMs;
    else if (nowMs - endpoint.triedAtMs >= TRY_EVERY_MS) {
      endpoint.triedAtMs = nowMs;
      void tryOne(store, model, endpoint, stop);
    }
  }
}

/** What goes wrong says only that it is not back. */
async function tryOne(
  store: Store,
  model: ExperimentModel,
  endpoint: ModelEndpoint,
  stop: AbortSignal,
): Promise<void> {
  try {
    const report = await checkEndpoint(store, model, endpoint, stop);
    if (report.trouble !== null || report.blockedBecause !== null) return;
    endpoint.contextWindow = report.parameters?.contextWindow ?? null;
    takeBack(store, model, endpoint);
  } catch {
    // the next try tells
  }
}
