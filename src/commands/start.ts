/** `client start --config FILE`: the whole job, from the config to the end of the experiment. */
import { loadConfig } from '../config/load-config';
import type { EndpointConfig } from '../config/load-config';
import type { ExitCode } from '../errors';
import { openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import { createExperiment } from './create-experiment';
import { decideStart, type StartDecision, type StartQualifiers } from './decide-start';
import { printNothingToDo, runAsOwner } from './run-as-owner';
import { wantedExperiment, type WantedExperiment } from './wanted-experiment';

export interface StartOptions extends StartQualifiers {
  configFile: string;
  /** Only the first so many narratives; null = as the config says. */
  limit: number | null;
}

/** Runs a config to its end, or goes on with its experiment. What needs no work needs neither Temporal nor the model. */
export async function start(context: CommandContext, options: StartOptions): Promise<ExitCode> {
  const { environment, workingDirectory, output, resultsFile } = context;
  const config = loadConfig(options.configFile, { environment, workingDirectory });
  for (const notice of config.notices) output.message(notice);
  const looking = openStoreForReading(resultsFile);
  let wanted: WantedExperiment;
  let expected: StartDecision;
  try {
    wanted = wantedExperiment(config, options.limit, looking);
    if (wanted.source.kind === 'stored' && wanted.source.notice !== null)
      output.message(wanted.source.notice);
    expected = decideStart(looking, wanted, options);
    if (expected.kind === 'nothing') return printNothingToDo(context, looking!, expected);
  } finally {
    looking?.close();
  }
  return runAsOwner(context, expected.experimentId, (store) => prepare(context, store, wanted, options));
}

/** Decides once more, now as the owner, and makes the experiment or takes over its endpoint. */
function prepare(
  { output }: CommandContext,
  store: Store,
  wanted: WantedExperiment,
  options: StartOptions,
): StartDecision {
  const decision = decideStart(store, wanted, options);
  if (decision.kind === 'nothing') return decision;
  if (decision.create) {
    for (const notice of createExperiment(store, wanted, decision)) output.message(notice);
  } else {
    takeOverEndpoint(store, decision.experimentId, wanted.config.endpoint);
  }
  return decision;
}

function takeOverEndpoint(store: Store, experimentId: string, endpoint: EndpointConfig): void {
  const row = store.experiments.get(experimentId)!;
  if (row.endpoint_config === JSON.stringify(endpoint)) return;
  store.inTransaction(() => {
    store.experiments.setEndpoint(experimentId, endpoint);
    store.events.add(experimentId, 'endpoint_changed', endpoint.apiUrl);
  });
}
