/** `client tune EXPERIMENT --concurrency N|auto`: more or fewer calls at once, from another terminal, while it runs. */
import { InvalidArgumentError } from 'commander';
import { CONFIG_DEFAULTS, MOST_CONCURRENCY } from '../config/defaults';
import { takeOverHarmless } from '../config/harmless-changes';
import type { EndpointConfig } from '../config/load-config';
import { EXIT, LonghaulError, type ExitCode } from '../errors';
import { UNFINISHED_STATUSES } from '../experiment';
import { openStoreAsGuest, openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { findExperiment, noExperiments } from './find-experiment';
import { settingsOf } from './take-over-settings';

interface TuneFlags {
  concurrency?: number | 'auto';
  max?: number;
}

/** `client tune`. */
export const tuneCommand: CommandDefinition<TuneFlags> = {
  syntax: 'tune <experiment>',
  summary: 'change how many calls are in flight while it runs',
  examples: [
    ['client tune brakes-v2-1a2b3c4d5e --concurrency 16', 'from now on 16 at each server'],
    ['client tune brakes-v2-1a2b3c4d5e --concurrency auto --max 32', 'as many as are of use, at most 32'],
  ],
  declareOptions: (command) =>
    command
      .option('--concurrency <n|auto>', 'calls in flight at each server', parseConcurrency)
      .option('--max <n>', `most that auto tries, 1 to ${MOST_CONCURRENCY}`, parseCalls),
  run: (context, flags, argument) => Promise.resolve(tune(context, argument(0)!, flags)),
};

/** Writes the new number beside whoever works; a worker takes it over within about a second. */
export function tune(context: CommandContext, experimentId: string, flags: TuneFlags): ExitCode {
  const { resultsFile, output } = context;
  if (flags.concurrency === undefined && flags.max === undefined)
    throw new LonghaulError('Nothing to change: name --concurrency N or auto, or --max N.');
  const looking = openStoreForReading(resultsFile);
  if (looking === null) throw noExperiments(resultsFile);
  try {
    const { status } = findExperiment(looking, experimentId);
    if (!UNFINISHED_STATUSES.includes(status))
      throw new LonghaulError(
        `${experimentId} is ${status}: it makes no calls. See: client status ${experimentId}`,
      );
  } finally {
    looking.close();
  }
  const store = openStoreAsGuest(resultsFile);
  try {
    const { changes, endpoint } = apply(store, experimentId, flags);
    const facts = {
      experiment_id: experimentId,
      concurrency: endpoint.concurrency,
      max_concurrency: endpoint.maxConcurrency ?? CONFIG_DEFAULTS.maxConcurrency,
      changes,
    };
    output.facts(facts, () => describe(experimentId, changes));
    return EXIT.completed;
  } finally {
    store.close();
  }
}

function apply(
  store: Store,
  experimentId: string,
  { concurrency, max }: TuneFlags,
): { changes: string[]; endpoint: EndpointConfig } {
  return store.inTransaction(() => {
    const before = settingsOf(store.experiments.get(experimentId)!);
    const { frozen } = before;
    const endpoint: EndpointConfig = {
      ...before.endpoint,
      concurrency: concurrency ?? before.endpoint.concurrency,
      ...(max === undefined ? {} : { maxConcurrency: max }),
    };
    const { endpoint: changes } = takeOverHarmless(before, { frozen, endpoint });
    if (changes.length > 0) {
      store.experiments.setSettings(experimentId, frozen, endpoint);
      store.events.add(experimentId, 'endpoint_changed', `${changes.join('; ')} (tune)`);
    }
    return { changes, endpoint };
  });
}

function describe(experimentId: string, changes: readonly string[]): string {
  if (changes.length === 0) return `${experimentId} is set like that already.`;
  return [
    ...changes.map((change) => `${experimentId}: ${change}`),
    'It holds until a start whose config says otherwise.',
  ].join('\n');
}

function parseConcurrency(text: string): number | 'auto' {
  return text === 'auto' ? 'auto' : parseCalls(text);
}

function parseCalls(text: string): number {
  const calls = Number(text);
  if (!Number.isSafeInteger(calls) || calls < 1 || calls > MOST_CONCURRENCY)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_CONCURRENCY}.`);
  return calls;
}
