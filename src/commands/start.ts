/** `client start --config FILE`: the whole job, from the config to the end of the experiment. */
import { loadConfig } from '../config/load-config';
import type { ExitCode } from '../errors';
import { openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { createExperiment } from './create-experiment';
import { decideStart, type StartDecision, type StartQualifiers } from './decide-start';
import { printNothingToDo } from './experiment-outcome';
import { parsePositive } from './parse-arguments';
import { readyResultsFile } from './ready-results-file';
import { takeOverLabels } from './take-over-labels';
import { takeOverSettings } from './take-over-settings';
import { wantedExperiment, type WantedExperiment } from './wanted-experiment';

export interface StartOptions extends StartQualifiers {
  configFile: string;
  /** Only the first so many narratives; null = as the config says. */
  limit: number | null;
  /** Hand over to a service and return at once. */
  detach: boolean;
}

interface StartFlags {
  config: string;
  limit?: number;
  replicate: number;
  new?: true;
  detach?: true;
}

/** `client start`. */
export const startCommand: CommandDefinition<StartFlags> = {
  syntax: 'start',
  summary: 'run a config to its end, or go on with its experiment',
  examples: [
    ['client start --config study.yaml', 'the whole job; the same line goes on after a crash'],
    ['client start --config study.yaml --limit 50', 'only the first 50 narratives, to try things out'],
  ],
  declareOptions: (command) =>
    command
      .requiredOption('--config <file>', 'experiment config')
      .option('--limit <n>', 'only the first n narratives', parsePositive)
      .option('--replicate <k>', 'the k-th run of the same config', parsePositive, 1)
      .option('--new', 'begin a new experiment even where one is there')
      .option('--detach', 'hand over to a live `client up` or a cluster and return at once'),
  run: (context, { config, limit, replicate, new: isNew, detach }) =>
    start(context, {
      configFile: config,
      limit: limit ?? null,
      replicate,
      isNew: isNew === true,
      detach: detach === true,
    }),
};

/** Runs a config to its end, or goes on with its experiment. What needs no work needs neither Temporal nor the model. */
export async function start(context: CommandContext, options: StartOptions): Promise<ExitCode> {
  const { environment, workingDirectory, output, resultsFile } = context;
  const config = loadConfig(options.configFile, { environment, workingDirectory });
  for (const notice of config.notices) output.message(notice);
  await readyResultsFile(context);
  const looking = openStoreForReading(resultsFile);
  let wanted: WantedExperiment;
  let expected: StartDecision;
  try {
    wanted = wantedExperiment(config, options.limit, looking);
    if (wanted.source.kind === 'stored' && wanted.source.notice !== null)
      output.message(wanted.source.notice);
    expected = decideStart(looking, wanted, options);
    const hasNews = wanted.source.kind === 'file' && wanted.source.isKnown;
    if (expected.kind === 'nothing' && !hasNews) return printNothingToDo(context, looking!, expected);
  } finally {
    looking?.close();
  }
  const make = (store: Store): StartDecision => prepare(context, store, wanted, options);
  // Temporal's libraries take longer to load than all else together: only who has work needs them.
  const { runInPlace } = await import('./run-in-place.js');
  return runInPlace(context, expected.experimentId, make, options);
}

/** Decides once more, now as the owner, and makes the experiment or takes over what may change. */
function prepare(
  { output }: CommandContext,
  store: Store,
  wanted: WantedExperiment,
  options: StartOptions,
): StartDecision {
  const decision = decideStart(store, wanted, options);
  for (const notice of applyDecision(store, wanted, decision)) output.message(notice);
  return decision;
}

/** Makes what a start has decided on, or takes over what may change; gives lines for the user. */
export function applyDecision(store: Store, wanted: WantedExperiment, decision: StartDecision): string[] {
  if (decision.kind === 'run' && decision.create) return createExperiment(store, wanted, decision);
  const { source } = wanted;
  const notice = source.kind === 'file' ? takeOverLabels(store, source.dataset) : null;
  const settings = decision.kind === 'run' ? takeOverSettings(store, decision.experimentId, wanted) : [];
  return [...(notice === null ? [] : [notice]), ...settings];
}
