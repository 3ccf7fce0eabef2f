/** Experiments in a results file, made by the program's own code but without a server: what a start does before Temporal. */
import { join } from 'node:path';
import { finishInParts } from '../../src/activities/finish-experiment';
import type { Environment } from '../../src/config/environment';
import { loadConfig } from '../../src/config/load-config';
import { decideStart, type StartDecision } from '../../src/commands/decide-start';
import { applyDecision } from '../../src/commands/start-experiment';
import { wantedExperiment } from '../../src/commands/wanted-experiment';
import type { Clock } from '../../src/store/progress';
import { openStore, type Store } from '../../src/store/open-store';
import type { Outcome } from '../../src/store/results';

/** What a start decided and said. */
export interface StoredStart {
  decision: StartDecision;
  notices: string[];
}

/** Opens study.db in a folder for `work` and closes it. */
export function withStore<T>(folder: string, work: (store: Store) => T, clock?: Clock): T {
  process.umask(0o077); // as the client does
  const store = openStore(join(folder, 'study.db'), clock);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Does what `client start --config FILE` does before it needs Temporal. Throws what the command throws. */
export function startStored(
  store: Store,
  folder: string,
  {
    config = 'study.yaml',
    limit = null as number | null,
    isNew = false,
    replicate = 1,
    environment = {} satisfies Environment,
  } = {},
): StoredStart {
  const loaded = loadConfig(config, { environment, workingDirectory: folder });
  const wanted = wantedExperiment(loaded, { limit, sample: null }, store);
  const decision = decideStart(store, wanted, { replicate, isNew });
  return { decision, notices: applyDecision(store, wanted, decision) };
}

/** Ends the first pass and the experiment, as the workflow does. */
export function finish(store: Store, experimentId: string): void {
  store.passes.finish(experimentId, 0);
  const parts = finishInParts(store, experimentId);
  while (parts.next().done !== true);
}

/** An answer as the parser gives it. */
export function answered(detected: boolean, confidence = 0.9): Outcome {
  return {
    kind: 'answer',
    parserVersion: 1,
    answer: {
      detected,
      confidence,
      confidenceText: null,
      indicators: ['partner'],
      rationale: `it says so (${detected})`,
      reasoning: null,
      notes: [],
      fields: JSON.stringify({ detected, confidence }),
    },
  };
}

/** An error as labelNarrative gives it. */
export function failed(message = 'no answer in time', category: 'timeout' | 'parse' = 'timeout'): Outcome {
  return {
    kind: 'error',
    category,
    code: null,
    httpStatus: null,
    message,
    reasoning: null,
    parserVersion: null,
  };
}

/** Saves outcomes for the positions from `from` on; `undefined` leaves a position open. */
export function saveOutcomes(
  store: Store,
  experimentId: string,
  outcomes: readonly (Outcome | undefined)[],
  { from = 0, pass = 0 } = {},
): void {
  const listed = store.passes
    .listOpenBatches(experimentId, pass, 100_000)
    .flatMap((batch) => store.passes.listNarrativesToLabel(experimentId, pass, batch));
  const byPosition = new Map(listed.map((narrative) => [narrative.position, narrative.narrativeId]));
  store.results.save(
    outcomes.flatMap((outcome, index) =>
      outcome === undefined
        ? []
        : [
            {
              experimentId,
              position: from + index,
              narrativeId: byPosition.get(from + index)!,
              pass,
              startedAt: '2026-01-01T00:00:00.000Z',
              responseMs: 1500,
              calls: 1,
              endpoint: 'http://127.0.0.1:1',
              outcome,
              reply: {
                raw: `raw reply ${from + index}`,
                model: 'm',
                responseId: null,
                finishReason: 'stop',
                refusal: null,
                promptTokens: 10,
                completionTokens: 5,
                totalTokens: 15,
              },
            },
          ],
    ),
  );
}
