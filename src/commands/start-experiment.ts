/** The whole job, from the config to the end of the experiment. */
import { loadConfig } from '../config/load-config';
import { EXIT, LonghaulError, type ExitCode } from '../errors';
import { openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import { createExperiment } from './create-experiment';
import { decideStart, type StartDecision, type StartQualifiers } from './decide-start';
import { printNothingToDo } from './experiment-outcome';
import { readyResultsFile } from './ready-results-file';
import { takeOverLabels } from './take-over-labels';
import { takeOverSettings } from './take-over-settings';
import { type AskedSelection, wantedExperiment, type WantedExperiment } from './wanted-experiment';

export interface StartOptions extends StartQualifiers, AskedSelection {
  configFile: string;
  /** Hand over to a service and return at once. */
  detach: boolean;
}

/** Runs several configs one after the other; gives the highest of their exit codes. */
export async function startEach(
  context: CommandContext,
  configFiles: readonly string[],
  options: Omit<StartOptions, 'configFile'>,
): Promise<ExitCode> {
  const [only] = configFiles;
  if (configFiles.length === 1) return start(context, { ...options, configFile: only! });
  for (const file of configFiles) loadConfig(file, context); // a mistake in the last shows before the first is run
  const facts: unknown[] = [];
  const output = context.output.collecting(facts);
  let highest: ExitCode = EXIT.completed;
  for (const configFile of configFiles) {
    const exitCode = await start({ ...context, output }, { ...options, configFile }).catch(
      (error: unknown): ExitCode => {
        if (!(error instanceof LonghaulError)) throw error;
        output.error(error.message);
        return error.exitCode;
      },
    );
    if (exitCode > highest) highest = exitCode;
    if (exitCode === EXIT.stopped) break;
  }
  if (context.output.isJson) context.output.facts(facts, () => '');
  return highest;
}

/** Runs a config to its end, or goes on with its experiment. What needs no work needs neither Temporal nor the model. */
export async function start(context: CommandContext, options: StartOptions): Promise<ExitCode> {
  const { environment, workingDirectory, output, resultsFile } = context;
  const config = loadConfig(options.configFile, { environment, workingDirectory });
  for (const notice of config.notices) output.message(notice);
  await readyResultsFile(context);
  const looking = openStoreForReading(resultsFile);
  let wanted: WantedExperiment | null;
  let expected: StartDecision;
  try {
    wanted = wantedExperiment(config, options, looking);
    if (wanted.source.kind === 'stored' && wanted.source.notice !== null)
      output.message(wanted.source.notice);
    expected = decideStart(looking, wanted, options);
    const hasNews = wanted.source.kind === 'file' && wanted.source.isKnown;
    if (expected.kind === 'nothing' && !hasNews) return printNothingToDo(context, looking!, expected);
  } finally {
    looking?.close();
  }
  const make = (store: Store): StartDecision => {
    if (wanted === null) throw new Error('the start was prepared already');
    const decision = prepare(context, store, wanted, options);
    wanted = null; // all texts of a workbook, which the run of days would else keep in memory
    return decision;
  };
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
