/** `client show [EXPERIMENT]`: everything about one experiment but its narratives. Prompts in full only with `--prompts`. */
import type { FrozenConfig } from '../config/frozen-config';
import { EXIT, type ExitCode } from '../errors';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { reportMetrics } from './experiment-metrics';
import { liveOwner, reportStatus } from './experiment-status';
import { formatShow } from './format-show';
import { readExperiment } from './read-experiment';

interface ShowFlags {
  prompts?: true;
}

/** `client show`. */
export const showCommand: CommandDefinition<ShowFlags> = {
  syntax: 'show [experiment]',
  summary: 'settings, times, results and metrics of an experiment; by default the latest',
  examples: [['client show ID --prompts', 'all about one experiment, with its prompts in full']],
  declareOptions: (command) => command.option('--prompts', 'print the prompts in full'),
  run: (context, { prompts }, argument) => show(context, argument(0), prompts === true),
};

/** Prints the facts. Throws ExperimentNotFoundError. */
export function show(
  { resultsFile, output }: CommandContext,
  experimentId: string | undefined,
  withPrompts: boolean,
): Promise<ExitCode> {
  return readExperiment(resultsFile, experimentId, (store, row) => {
    const facts = gatherFacts(store, row, withPrompts);
    output.facts(facts, () => formatShow(facts));
    return EXIT.completed;
  });
}

/** What `show --json` prints. */
export type ExperimentFacts = ReturnType<typeof gatherFacts>;

/** Puts the facts together, section by section. */
function gatherFacts(store: Store, row: ExperimentRow, withPrompts: boolean) {
  const id = row.experiment_id;
  const frozen = JSON.parse(row.frozen_config) as Partial<FrozenConfig>;
  const dataset = store.datasets.get(row.dataset_id);
  return {
    ...reportStatus(store, row, liveOwner(store.file)),
    replicate: row.replicate,
    fingerprint: row.fingerprint,
    model: {
      name: row.model_name,
      provider: row.model_provider,
      temperature: row.temperature,
      max_tokens: frozen.maxTokens ?? null,
      api_url: row.api_url,
    },
    prompt: {
      version: row.prompt_version,
      sha256: row.prompt_sha256,
      system_prompt_characters: row.system_prompt.length,
      user_template_characters: row.user_template.length,
      ...(withPrompts ? { system_prompt: row.system_prompt, user_template: row.user_template } : {}),
    },
    data: {
      dataset_id: row.dataset_id,
      file: row.data_file,
      texts_sha256: row.texts_sha256,
      file_sha256: dataset?.file_sha256 ?? null,
      file_md5: dataset?.file_md5 ?? null,
      imported_at: dataset?.imported_at ?? null,
      n_narratives: dataset?.n_narratives ?? null,
      max_narratives: frozen.maxNarratives ?? null,
      batch_size: row.batch_size,
      ask_once: frozen.askOnce ?? false,
      n_twins: row.n_twins_total,
      seed: row.run_seed,
    },
    timing: {
      created_at: row.created_at,
      start_time: row.start_time,
      end_time: row.end_time,
      total_runtime_sec: row.total_runtime_sec,
      avg_time_per_narrative_sec: row.avg_time_per_narrative_sec,
    },
    statistics: store.statistics.summarize(id),
    errors: store.statistics.countErrors(id),
    metrics: reportMetrics(store, id),
    output_files: { csv: row.csv_file, json: row.json_file, logs: row.log_dir },
    system: { host: row.hostname, os: row.os_info, longhaul_version: row.longhaul_version },
    author: row.prompt_author,
    notes: row.notes,
    events: store.events.list(id),
  };
}
